import type { common } from '@hyperledger/fabric-protos';
import { explainValidationCode } from '../block/index.ts';
import { broadcast, type Orderers } from '../broadcast/index.ts';
import { CommitError } from '../errors.ts';
import { linkSignals, type CallOptions, type Connections } from '../transport/index.ts';
import type { CommitStatus, CommitWatcher } from './commit-watcher.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface Submission {
  readonly connections: Connections;
  readonly orderers: Orderers;
  /** Of a peer whose word the submitter takes: its own member's. */
  readonly watcher: CommitWatcher;
}

/** A transaction that is ready to be ordered. */
export interface SignedTransaction {
  readonly envelope: common.Envelope;
  readonly transactionId: string;
  readonly channel: string;
}

/**
 * Hands a transaction to the orderers and waits until it is committed. Default time limit 30 s for the whole.
 *
 * @throws {SubmitError} the orderers did not take it: nothing happened, unless `maybeTaken`
 * @throws {CommitError} it was ordered and found invalid; it changed nothing
 * @throws {CommitStatusError} COMMIT_UNKNOWN: look it up by its id before submitting again
 */
export async function submit(
  { connections, orderers, watcher }: Submission,
  transaction: SignedTransaction,
  options: CallOptions = {},
): Promise<CommitStatus> {
  const settled = new AbortController();
  const { signal, release } = linkSignals([options.signal, settled.signal], options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    await watcher.ready(signal);
    const status = watcher.statusOf(transaction.transactionId, signal);
    status.catch(() => undefined); // When the orderers refuse, their answer is the result.
    await broadcast(connections, orderers, transaction.envelope, { signal });
    return requireValid(await status, transaction.channel);
  } finally {
    settled.abort(); // Nobody waits for the status any more.
    release();
  }
}

export function requireValid(status: CommitStatus, channel: string): CommitStatus {
  if (status.validationCode === 0) return status;
  const { name, meaning, nextAction } = explainValidationCode(status.validationCode);
  throw new CommitError(status.validationCode, `Transaction ${status.transactionId} was not valid (${name}): ${meaning}`, {
    transactionId: status.transactionId,
    channel,
    nextAction,
  });
}
