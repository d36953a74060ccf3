import type { Logger } from 'pino';
import type { OperationProblem, OperationState } from '../database/schema.ts';

/** What one run of a step came to. Every step may run again at any time, so it looks before it acts. */
export type StepOutcome =
  | { kind: 'done'; message?: string }
  /**
   * Not yet, and not by our doing: looked at again when something of the consortium changes, at the latest after the delay.
   * `isOver` says without asking anybody whether that is worth while; left out, it always is. `yields`: others may change the rest of the
   * consortium meanwhile; left out, it is as it was.
   */
  | { kind: 'wait'; reason: string; message: string; retryAfterMs: number; isOver?: () => boolean; yields?: boolean }
  /** A person has to act, or to retry. */
  | { kind: 'fail'; reason: string; problem: OperationProblem };

export interface StepContext {
  operationId: string;
  consortium: string;
  actor: string;
  /** Which run of the step this is, from 1. */
  attempt: number;
  startedAt: Date;
  /** Since when it is in trouble, by what it has reported; undefined: it is not. */
  troubleSince: Date | undefined;
  now: Date;
  /** Aborted when the worker stops or has lost the operation to another one: from then on nothing may be written. */
  signal: AbortSignal;
  logger: Logger;
  /** Makes a yielding operation the one that changes the consortium again, which it must be to write. False while another one is. */
  hold(): Promise<boolean>;
}

export interface Step {
  name: string;
  title: string;
  run(context: StepContext): Promise<StepOutcome>;
}

/**
 * One kind of operation. Steps are made anew from the stored plan at every run: nothing between two steps is in memory.
 */
export interface OperationKind<Plan> {
  kind: string;
  parse(plan: unknown): Plan;
  steps(plan: Plan): Step[];
  /** What it changes within the consortium, as in `contract/note`. Left out: all of it. */
  subject?(plan: Plan): string;
  /** Takes back what the steps did, as far as the ledger allows. Runs until it is done, then the operation is cancelled. Left out: it cannot be cancelled. */
  cancel?(plan: Plan): Step;
}

/** What a person has to mend before the step can succeed. Anything else that is thrown is taken for passing, and tried again. */
export class StepError extends Error {
  readonly problem: OperationProblem;
  constructor(problem: OperationProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'StepError';
    this.problem = problem;
  }
}

export const openStates = ['pending', 'running', 'waiting', 'cancelling'] as const;
export const hasEnded = (operation: { state: OperationState }): boolean => !openStates.some((state) => state === operation.state);
