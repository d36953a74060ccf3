import {
  broadcast,
  lookUpTransaction,
  SubmitError,
  type CommitStatus,
  type CommitWatcher,
  type Connections,
  type NodeEndpoint,
  type SignedTransaction,
  type Signer,
} from '@guildhall/fabric';
import { sleep, type Clock, type Logger } from '@guildhall/kubernetes';

export interface OrderingRequest {
  readonly transaction: SignedTransaction;
  readonly orderers: readonly NodeEndpoint[];
  /** Peers that are asked for the transaction when the stream tells nothing: the submitter's own first. */
  readonly peers: readonly NodeEndpoint[];
  readonly watcher: CommitWatcher;
  readonly signer: Signer;
  readonly signal: AbortSignal;
}

/** A stream of commits opens faster than this; without one, the peers are asked. */
const READY_MS = 2_000;
/** Longer than an election and a batch: after it, an accepted transaction is more likely lost than late. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 200;
const LOOK_UP_TIMEOUT_MS = 2_000;

/**
 * Hands a transaction to the orderers and waits for its commit. An orderer's acceptance can be lost with its leader; then **the same envelope** is handed in
 * again. That is always safe: peers let one transaction id take effect once. The deadline is the signal's.
 *
 * @throws {SubmitError} the orderers took it at no time: it will never be on the ledger
 * @throws {CommitStatusError} COMMIT_UNKNOWN when the deadline passed after they had taken it, or may have
 */
export function createOrdering({
  connections,
  clock,
  logger,
}: {
  connections: Connections;
  clock: Clock;
  logger: Logger;
}): (request: OrderingRequest) => Promise<CommitStatus> {
  return async ({ transaction, orderers, peers, watcher, signer, signal }) => {
    const { transactionId, channel } = transaction;
    const settled = new AbortController();
    const ended = AbortSignal.any([signal, settled.signal]);
    const watched = watcher.statusOf(transactionId, ended);
    // A stream that ends without an answer says nothing: the peers are asked.
    const told = watched.catch(() => new Promise<never>(() => undefined));
    const orToldWithin = (milliseconds: number): Promise<CommitStatus | undefined> =>
      Promise.race([told, sleep(clock, milliseconds, ended).then(() => undefined)]);
    const handOver = (): Promise<CommitStatus | undefined> =>
      Promise.race([
        told,
        broadcast(connections, { ordering: 'raft', nodes: orderers }, transaction.envelope, { signal: ended }).then(() => undefined),
      ]);
    const lookUp = async (): Promise<CommitStatus | undefined> => {
      const answer = await lookUpTransaction(connections, peers, signer, channel, transactionId, {
        timeoutMs: LOOK_UP_TIMEOUT_MS,
        signal: ended,
      });
      if (answer.found) watcher.overtaken(answer.status.blockNumber);
      return answer.found ? answer.status : undefined;
    };
    try {
      // A peer that is down must not keep its member from acting, so this waits for the stream, but not for ever.
      await Promise.race([watcher.ready(ended).catch(() => undefined), sleep(clock, READY_MS, ended)]);
      if (signal.aborted) throw new SubmitError('CANCELLED', 'The transaction was not handed to the orderers.');
      for (let maybeTaken = false, askedAt = clock.monotonic(); ; ) {
        const outcome = await handOver().catch(refusalOf);
        if (outcome && 'blockNumber' in outcome) return outcome;
        maybeTaken ||= outcome === undefined || outcome.maybeTaken;
        if (outcome && !maybeTaken && isFinal(outcome)) throw outcome;
        const status = await orToldWithin(outcome === undefined || isFinal(outcome) ? PATIENCE_MS : RETRY_MS);
        if (status) return status;
        if (signal.aborted) {
          if (outcome && !maybeTaken) throw outcome;
          return await watched; // Which has failed, with what was wrong with the stream.
        }
        if (maybeTaken && clock.monotonic() - askedAt >= PATIENCE_MS) {
          const found = await lookUp();
          if (found) return found;
          askedAt = clock.monotonic();
          logger.warn({ transactionId, channel, err: outcome }, 'an accepted transaction is not committed yet; handing it in again');
        }
      }
    } finally {
      settled.abort();
    }
  };
}

function refusalOf(error: unknown): SubmitError {
  if (error instanceof SubmitError) return error;
  throw error;
}

/** Between two leaders no orderer accepts: that passes. Any other refusal stays. */
const isFinal = ({ code }: SubmitError): boolean => code !== 'ORDERERS_UNAVAILABLE';
