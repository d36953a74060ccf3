/** The reconcile cannot succeed until somebody changes something: it rests until the object, or one that maps to it, changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** It may succeed later. `afterMs` is the least time to wait; the wait grows with each failure in any case. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  readonly afterMs: number;

  constructor(message: string, options: ErrorOptions & { afterMs?: number } = {}) {
    super(message, options);
    this.afterMs = options.afterMs ?? 0;
  }
}

/** What was decided on is out of date: look again. Normal among concurrent writers, so it is not counted as an error. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** The reconcile took longer than it may: its signal was aborted with this. */
export class ReconcileTimeoutError extends Error {
  override readonly name = 'ReconcileTimeoutError';
}

/** This process no longer leads: everything it does for the cluster ends at once. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}
