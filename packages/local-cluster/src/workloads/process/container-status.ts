import type { ProcessIdentity } from './identity.ts';

/** Why a container does not run yet; the words of a kubelet where it has one. */
export type WaitingReason =
  | 'ContainerCreating'
  | 'CrashLoopBackOff'
  | 'CreateContainerConfigError'
  | 'CreateContainerError'
  | 'ErrImagePull'
  | 'PortTaken';

export interface Waiting {
  readonly kind: 'waiting';
  readonly reason: WaitingReason;
  readonly message: string;
}

export interface Running {
  readonly kind: 'running';
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  readonly process: ProcessIdentity;
}

/** Exit code that a kubelet reports for a container whose end it did not see. */
export const unknownExitCode = 137;

export interface Terminated {
  readonly kind: 'terminated';
  /** 128 + the signal's number when a signal ended it; 137 when nobody saw how it ended. */
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: 'Completed' | 'Error' | 'ContainerStatusUnknown';
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly process: ProcessIdentity;
}

export interface ContainerStatus {
  readonly state: Waiting | Running | Terminated;
  readonly last?: Terminated;
  readonly restartCount: number;
  readonly started: boolean;
  readonly ready: boolean;
}

/** Something keeps a container from starting that is no fault of the program; it is tried again. */
export class NotStartableError extends Error {
  readonly reason: WaitingReason;
  readonly retryAfterMs: number;

  constructor(reason: WaitingReason, message: string, retryAfterMs = 1_000) {
    super(message);
    this.name = 'NotStartableError';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
