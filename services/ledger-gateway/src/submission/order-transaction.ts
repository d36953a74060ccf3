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

/** Longer than an election and a batch: after it, an accepted transaction is more likely lost than late. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 200;
const LOOK_UP_TIMEOUT_MS = 2_000;

/**
 * Hands a transaction to the orderers and waits for its commit. An orderer's acceptance can be lost with its leader; then **the same envelope** is handed in
 * again. That is always safe: peers let one transaction id take effect once. The deadline is the signal's.
 *
 * @throws {SubmitError} the orderers took it at no time
 * @throws {CommitStatusError} COMMIT_UNKNOWN when the deadline passed after they had taken it
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
    await watcher.ready(signal);
    const settled = new AbortController();
    const watched = watcher.statusOf(transactionId, AbortSignal.any([signal, settled.signal]));
    watched.catch(() => undefined); // Only its success is used before the end.
    const handOver = (): Promise<void> => broadcast(connections, { ordering: 'raft', nodes: orderers }, transaction.envelope, { signal });
    const lookUp = async (): Promise<CommitStatus | undefined> => {
      const answer = await lookUpTransaction(connections, peers, signer, channel, transactionId, { timeoutMs: LOOK_UP_TIMEOUT_MS, signal });
      return answer.found ? answer.status : undefined;
    };
    try {
      await untilAccepted(handOver, clock, signal);
      for (;;) {
        const status = await Promise.race([watched, sleep(clock, PATIENCE_MS, settled.signal).then(() => undefined)]);
        const known = status ?? (await lookUp());
        if (known) return known;
        logger.warn({ transactionId, channel }, 'an accepted transaction is not committed yet; handing it in again');
        await handOver().catch((error: unknown) => {
          if (!(error instanceof SubmitError)) throw error;
          logger.warn({ transactionId, channel, err: error }, 'the orderers did not take it again yet');
        });
      }
    } finally {
      settled.abort();
    }
  };
}

/** Between two leaders no orderer accepts: tried again until the deadline. A refusal is final. */
async function untilAccepted(handOver: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await handOver();
    } catch (error) {
      if (!(error instanceof SubmitError) || error.code !== 'ORDERERS_UNAVAILABLE' || signal.aborted) throw error;
      await sleep(clock, RETRY_MS, signal);
      if (signal.aborted) throw error;
    }
  }
}
