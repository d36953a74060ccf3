import type { common } from '@hyperledger/fabric-protos';
import { explainValidationCode } from '../block/index.ts';
import { broadcast, type Orderers } from '../broadcast/index.ts';
import { CommitError } from '../errors.ts';
import type { CallOptions, Connections } from '../transport/index.ts';
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
  const deadline = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  await watcher.ready(signal);
  const giveUp = new AbortController();
  const status = watcher.statusOf(transaction.transactionId, AbortSignal.any([signal, giveUp.signal]));
  status.catch(() => undefined); // When the orderers refuse, their answer is the result.
  try {
    await broadcast(connections, orderers, transaction.envelope, { signal });
  } catch (error) {
    giveUp.abort();
    throw error;
  }
  return requireValid(await status, transaction.channel);
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
