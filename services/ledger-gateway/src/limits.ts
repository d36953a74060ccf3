import { linkSignals } from '@guildhall/fabric';
import { TransactionError } from './errors.ts';
import type { EvaluateRequest } from './requests.ts';

export const DEFAULT_DEADLINE_MS = 30_000;
/** Identities are not used in their last minutes, so that no call outlives the one that it began with. */
const MAX_DEADLINE_MS = 120_000;
const MAX_PEER_TIMEOUT_MS = 10_000;
/** Calls at once, which bounds what they hold in memory. A peer takes 2500 (peer.limits.concurrency.endorserService). */
const MAX_CALLS = 1_000;

/** What one call may take. */
export interface Limits {
  readonly signal: AbortSignal;
  /** For each peer: one that hangs must not use up the whole call, however short that is. */
  readonly peerTimeoutMs: number;
}

/** Bounds of all calls of a gateway. */
export interface CallLimits {
  /** Counts a call of who uses the gateway; throws OVERLOADED when there are too many. */
  counted<T>(work: () => Promise<T>): Promise<T>;
  /** Does some work within the deadline of a request, and only as long as who asked for it wants it. */
  within<T>(request: Pick<EvaluateRequest, 'deadlineMs'>, work: (limits: Limits) => Promise<T>, caller?: AbortSignal): Promise<T>;
  /** Ends all work. */
  close(): void;
}

export function createCallLimits(): CallLimits {
  const closing = new AbortController();
  let calls = 0;
  return {
    async counted(work) {
      if (calls >= MAX_CALLS)
        throw new TransactionError('OVERLOADED', `The ledger gateway has ${calls} calls under way, which is as many as it takes.`);
      calls++;
      try {
        return await work();
      } finally {
        calls--;
      }
    },
    async within({ deadlineMs = DEFAULT_DEADLINE_MS }, work, caller) {
      if (!(deadlineMs >= 1 && deadlineMs <= MAX_DEADLINE_MS))
        throw new TransactionError('INVALID_ARGUMENT', `deadlineMs: ${deadlineMs} is not between 1 and ${MAX_DEADLINE_MS} ms.`);
      const { signal, release } = linkSignals([closing.signal, caller], deadlineMs);
      try {
        return await work({ signal, peerTimeoutMs: Math.min(MAX_PEER_TIMEOUT_MS, Math.ceil(deadlineMs / 3)) });
      } finally {
        release();
      }
    },
    close: () => closing.abort(),
  };
}
