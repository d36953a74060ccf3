import {
  broadcast,
  CommitStatusError,
  explainValidationCode,
  linkSignals,
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
    const { signal: ended, release } = linkSignals([signal, settled.signal]);
    const watched = watcher.statusOf(transactionId, ended).then((status) => {
      if (explainValidationCode(status.validationCode).name !== 'DUPLICATE_TXID') return status;
      const message = `Transaction ${transactionId} is on the ledger, as its copy in block ${status.blockNumber} shows, but not yet known as valid or not.`;
      throw new CommitStatusError('COMMIT_UNKNOWN', message, { transactionId, channel });
    });
    // A stream that ends without an answer, or tells of a copy only, says nothing: the peers are asked.
    const told = watched.catch(() => new Promise<never>(() => undefined));
    const orToldWithin = (milliseconds: number): Promise<CommitStatus | undefined> =>
      Promise.race([told, sleep(clock, milliseconds, ended).then(() => undefined)]);
    const handOver = async (): Promise<Handed> => {
      const accepted = broadcast(connections, { ordering: 'raft', nodes: orderers }, transaction.envelope, { signal: ended });
      try {
        return { status: await Promise.race([told, accepted.then(() => undefined)]), maybeTaken: true, passes: false };
      } catch (error) {
        if (!(error instanceof SubmitError)) throw error;
        // Between two leaders no orderer accepts: that passes. Any other refusal stays.
        return { refusal: error, maybeTaken: error.maybeTaken, passes: error.code === 'ORDERERS_UNAVAILABLE' };
      }
    };
    let askedAt = clock.monotonic();
    const lookUpWhenDue = async (): Promise<CommitStatus | undefined> => {
      if (ended.aborted || clock.monotonic() - askedAt < PATIENCE_MS) return undefined;
      const limits = { timeoutMs: LOOK_UP_TIMEOUT_MS, signal: ended };
      const answer = await lookUpTransaction(connections, peers, signer, channel, transactionId, limits);
      askedAt = clock.monotonic();
      if (answer.found) {
        watcher.overtaken(answer.status.blockNumber);
        return answer.status;
      }
      logger.warn({ transactionId, channel }, 'a transaction that the orderers may have is not committed yet; handing it in again');
      return undefined;
    };
    try {
      // A peer that is down must not keep its member from acting, so this waits for the stream, but not for ever.
      await Promise.race([watcher.ready(ended).catch(() => undefined), sleep(clock, READY_MS, ended)]);
      if (signal.aborted) throw new SubmitError('CANCELLED', 'The transaction was not handed to the orderers.');
      const status = await untilKnown({ handOver, lookUpWhenDue, orToldWithin, signal });
      return status ?? (await watched); // Which has failed, with what was wrong with the stream.
    } finally {
      settled.abort();
      release();
    }
  };
}

/** What became of handing a transaction to the orderers. */
interface Handed {
  /** The stream told of it meanwhile. */
  readonly status?: CommitStatus | undefined;
  readonly refusal?: SubmitError;
  readonly maybeTaken: boolean;
  readonly passes: boolean;
}

interface OrderingSteps {
  readonly handOver: () => Promise<Handed>;
  /** Asks the peers, when the last time is long enough ago. */
  readonly lookUpWhenDue: () => Promise<CommitStatus | undefined>;
  readonly orToldWithin: (milliseconds: number) => Promise<CommitStatus | undefined>;
  readonly signal: AbortSignal;
}

/** Undefined when the deadline passed and it may be on the ledger, or may come to it. */
async function untilKnown({ handOver, lookUpWhenDue, orToldWithin, signal }: OrderingSteps): Promise<CommitStatus | undefined> {
  for (let maybeTaken = false; ; ) {
    const handed = await handOver();
    maybeTaken ||= handed.maybeTaken;
    const refusal = maybeTaken ? undefined : handed.refusal;
    if (refusal && !handed.passes) throw refusal;
    const told = handed.status ?? (await orToldWithin(handed.passes ? RETRY_MS : PATIENCE_MS));
    const status = told ?? (maybeTaken ? await lookUpWhenDue() : undefined);
    if (status) return status;
    if (!signal.aborted) continue;
    if (refusal) throw refusal;
    return undefined;
  }
}
