import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { StepRow } from '../database/schema.ts';
import { claimOperation, finishCancel, finishStep, holdConsortium, LostClaimError, releaseLease, renewLease, startStep, type Claim } from './claim-repository.ts';
import { holdClaim } from './hold-claim.ts';
import type { OperationKind, Step, StepOutcome } from './operation.ts';
import { backoffMs, outcomeOfError } from './step-failure.ts';
import { noTrouble, troubleSince, type Trouble } from './trouble.ts';
import { createWaits } from './waits.ts';

export interface OperationWorker {
  readonly id: string;
  /** Works on the operation until it ends or has to wait. Calls for one operation never overlap within this worker. */
  run(operationId: string): Promise<void>;
  /** Something of the consortium changed: the operations whose waiting that has ended, of those that this worker left. */
  helpedBy(consortium: string): string[];
  /** Resolves when nothing runs any more; to be called after the signal was aborted. */
  settled(): Promise<void>;
}

// The kinds differ in their plans; a kind parses its own.
type AnyKind = OperationKind<unknown>;

/** One of a step, as its row has it. */
interface Run {
  number: number;
  startedAt: Date | null;
  trouble: Trouble;
}

const delayOf = (outcome: StepOutcome): number | undefined => (outcome.kind === 'wait' ? outcome.retryAfterMs : undefined);

export function createOperationWorker(dependencies: {
  id: string;
  db: Database;
  kinds: AnyKind[];
  now: () => Date;
  logger: Logger;
  signal: AbortSignal;
}): OperationWorker {
  const { db, logger, signal } = dependencies;
  const kinds = new Map(dependencies.kinds.map((kind) => [kind.kind, kind]));
  const running = new Map<string, Promise<void>>();
  const rungAgain = new Set<string>();
  /** One for each operation that waits, however often it was looked at. */
  const timers = new Map<string, NodeJS.Timeout>();
  const waits = createWaits();
  /** How often an operation failed in a row in this process; it decides on the next delay only. */
  const failures = new Map<string, number>();
  const countFailure = (operationId: string): number => {
    const before = failures.get(operationId) ?? 0;
    failures.set(operationId, before + 1);
    return before;
  };

  const attempt = async (claim: Claim, step: Step, { number, startedAt, trouble }: Run, stop: AbortSignal): Promise<StepOutcome> => {
    const now = dependencies.now();
    const log = logger.child({ operation: claim.operation.id, step: step.name });
    try {
      const { consortium, actor, id: operationId } = claim.operation;
      const outcome = await step.run({ operationId, consortium, actor, attempt: number, startedAt: startedAt ?? now, troubleSince: troubleSince(trouble, now), now, signal: stop, logger: log, hold: () => holdConsortium(db, claim) });
      failures.delete(operationId);
      return outcome;
    } catch (error) {
      // What was interrupted came to nothing: the next run looks again.
      if (stop.aborted) throw new LostClaimError(claim.operation.id);
      if (error instanceof LostClaimError) throw error;
      const outcome = outcomeOfError(error, countFailure(claim.operation.id));
      if (outcome.kind === 'wait') log.warn({ err: error }, 'the step failed and is repeated');
      return outcome;
    }
  };

  /** The sweeper finds what is due anyway; a timer of this process finds it on time. */
  const lookAgain = (operationId: string, afterMs: number | undefined): void => {
    clearTimeout(timers.get(operationId));
    timers.delete(operationId);
    if (afterMs === undefined || signal.aborted) return;
    const look = (): void => {
      timers.delete(operationId);
      run(operationId).catch((error: unknown) => logger.warn({ err: error, operation: operationId }, 'the operation could not be looked at; the sweep will'));
    };
    timers.set(operationId, setTimeout(look, afterMs));
  };
  signal.addEventListener('abort', () => {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  });

  const runSteps = async (claim: Claim, steps: Step[], stop: AbortSignal): Promise<StepOutcome> => {
    // A step begins with the same write with which the one before it ends.
    let begun = false;
    for (const [position, step] of steps.entries()) {
      const row: StepRow | undefined = claim.steps[position];
      if (row === undefined) throw new Error(`operation ${claim.operation.id} has no row for its step ${step.name}`);
      if (row.state === 'succeeded') continue;
      if (stop.aborted) throw new LostClaimError(claim.operation.id);
      // A step that waits is looked at many times; each look is not a new start.
      const starts = row.state !== 'waiting';
      if (starts && !begun) await startStep(db, claim, row);
      const outcome = await attempt(claim, step, { number: row.attempt + (starts ? 1 : 0), startedAt: row.started_at, trouble: row }, stop);
      const isLast = position === steps.length - 1;
      await finishStep(db, claim, row, outcome, { next: isLast ? undefined : claim.steps[position + 1], now: dependencies.now() });
      begun = true;
      if (outcome.kind !== 'done') return outcome;
    }
    return { kind: 'done' };
  };

  const runClaimed = async (claim: Claim, stop: AbortSignal): Promise<StepOutcome> => {
    const kind = kinds.get(claim.operation.kind);
    if (!kind) throw new Error(`no worker knows the operation ${claim.operation.kind}`);
    const plan = kind.parse(claim.operation.plan);
    if (claim.operation.state !== 'cancelling') return runSteps(claim, kind.steps(plan), stop);
    if (!kind.cancel) throw new Error(`an operation ${claim.operation.kind} cannot be cancelled`);
    const outcome = await attempt(claim, kind.cancel(plan), { number: 1, startedAt: null, trouble: noTrouble }, stop);
    await finishCancel(db, claim, outcome);
    return outcome;
  };

  /** Best effort: a lease that is not given back runs out. */
  const giveBack = async (claim: Claim): Promise<boolean> => {
    try {
      return await releaseLease(db, claim);
    } catch (error) {
      logger.debug({ err: error }, 'the lease could not be given back; it runs out by itself');
      return false;
    }
  };

  const runOnce = async (operationId: string): Promise<void> => {
    const claim = await claimOperation(db, operationId, dependencies.id);
    if (!claim) return waits.ended(operationId);
    waits.began(operationId, claim.operation.consortium);
    using held = holdClaim(() => renewLease(db, claim), signal, logger.child({ operation: operationId }));
    try {
      const outcome = await runClaimed(claim, held.over);
      lookAgain(operationId, delayOf(outcome));
      if (outcome.kind !== 'wait') waits.ended(operationId);
      else if (waits.leftWaiting(operationId, outcome.isOver)) rungAgain.add(operationId);
    } catch (error) {
      waits.ended(operationId);
      const wasStillOurs = await giveBack(claim);
      if (!(error instanceof LostClaimError)) {
        lookAgain(operationId, backoffMs(countFailure(operationId)));
        throw error;
      }
      logger.info({ operation: operationId }, error.message);
      // Cancelled meanwhile: the undo begins at once.
      if (wasStillOurs && !signal.aborted) rungAgain.add(operationId);
    }
  };

  const runUntilQuiet = async (operationId: string): Promise<void> => {
    do {
      rungAgain.delete(operationId);
      await runOnce(operationId);
    } while (rungAgain.has(operationId) && !signal.aborted);
  };

  const run = (operationId: string): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    const current = running.get(operationId);
    if (current) {
      rungAgain.add(operationId);
      return current;
    }
    const began = runUntilQuiet(operationId).finally(() => running.delete(operationId));
    running.set(operationId, began);
    return began;
  };

  return { id: dependencies.id, run, helpedBy: waits.changed, settled: async () => void (await Promise.allSettled(running.values())) };
}
