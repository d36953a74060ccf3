import { ApiError, isConflict, TransportError } from '../errors.ts';
import { ConflictError, ReconcileTimeoutError, RetryableError, TerminalError } from './errors.ts';

/** What follows from how a reconcile ended. */
export type Verdict =
  | { kind: 'conflict' }
  | { kind: 'terminal' }
  /** `panic`: only a bug throws this. `timeout`: it was aborted because it took too long. */
  | { kind: 'error'; afterMs: number; panic: boolean; timeout: boolean };

const bugs = [TypeError, ReferenceError, RangeError, SyntaxError];

export function verdictOn(error: unknown): Verdict {
  if (error instanceof TerminalError) return { kind: 'terminal' };
  if (error instanceof ConflictError || isConflict(error)) return { kind: 'conflict' };
  const timeout = error instanceof ReconcileTimeoutError;
  if (error instanceof RetryableError) return { kind: 'error', afterMs: error.afterMs, panic: false, timeout };
  if (error instanceof ApiError) return { kind: 'error', afterMs: (error.retryAfterSeconds ?? 0) * 1000, panic: false, timeout };
  const panic = !(error instanceof Error) || bugs.some((bug) => error instanceof bug);
  return { kind: 'error', afterMs: 0, panic: panic && !(error instanceof TransportError), timeout };
}
