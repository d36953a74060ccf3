import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { StepRow } from '../database/schema.ts';
import type { OperationKind, Step, StepContext, StepOutcome } from './operation.ts';
import { StepError } from './operation.ts';
import {
  claimOperation,
  finishCancel,
  finishStep,
  LostClaimError,
  startStep,
  type Claim,
} from './operation-repository.ts';

export interface OperationWorker {
  /** Works on the operation until it ends or has to wait. Calls for one operation never overlap within this process. */
  run(operationId: string): Promise<void>;
}

// The kinds differ in their plans; a kind parses its own.
type AnyKind = OperationKind<unknown>;

const unexpected = (error: unknown): StepOutcome => ({
  kind: 'wait',
  reason: 'Failed',
  message: `an attempt failed and is repeated: ${error instanceof Error ? error.message : String(error)}`,
  retryAfterMs: 2000,
});

export function createOperationWorker(dependencies: {
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

  const attempt = async (claim: Claim, step: Step, number: number, startedAt: Date | null): Promise<StepOutcome> => {
    const now = dependencies.now();
    const context: StepContext = {
      operationId: claim.operation.id,
      consortium: claim.operation.consortium,
      actor: claim.operation.actor,
      attempt: number,
      startedAt: startedAt ?? now,
      now,
      signal,
      logger: logger.child({ operation: claim.operation.id, step: step.name }),
    };
    try {
      return await step.run(context);
    } catch (error) {
      if (error instanceof StepError) return { kind: 'fail', reason: error.problem.code, problem: error.problem };
      context.logger.warn({ err: error }, 'the step failed and is repeated');
      return unexpected(error);
    }
  };

  /** The sweeper finds what is due anyway; a timer of this process finds it on time. */
  const lookAgain = (operationId: string, outcome: StepOutcome): void => {
    if (outcome.kind !== 'wait') return;
    const timer = setTimeout(() => {
      run(operationId).catch((error: unknown) => logger.warn({ err: error, operation: operationId }, 'the operation could not be looked at; the sweep will'));
    }, outcome.retryAfterMs);
    timer.unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };

  const runSteps = async (claim: Claim, steps: Step[]): Promise<void> => {
    for (const [position, step] of steps.entries()) {
      const row: StepRow | undefined = claim.steps[position];
      if (row === undefined) throw new Error(`operation ${claim.operation.id} has no row for its step ${step.name}`);
      if (row.state === 'succeeded') continue;
      // A step that waits is looked at many times; each look is not a new start.
      if (row.state !== 'waiting') await startStep(db, claim, row);
      const outcome = await attempt(claim, step, row.attempt + 1, row.started_at);
      await finishStep(db, claim, row, outcome, position === steps.length - 1);
      lookAgain(claim.operation.id, outcome);
      if (outcome.kind !== 'done') return;
    }
  };

  const runClaimed = async (claim: Claim): Promise<void> => {
    const kind = kinds.get(claim.operation.kind);
    if (!kind) throw new Error(`no worker knows the operation ${claim.operation.kind}`);
    const plan = kind.parse(claim.operation.plan);
    if (claim.operation.state !== 'cancelling') return runSteps(claim, kind.steps(plan));
    const outcome: StepOutcome = kind.cancel
      ? await attempt(claim, kind.cancel(plan), 1, null)
      : { kind: 'done', message: 'cancelled; what was done so far stays' };
    await finishCancel(db, claim, outcome);
    return lookAgain(claim.operation.id, outcome);
  };

  const runOnce = async (operationId: string): Promise<void> => {
    const claim = await claimOperation(db, operationId);
    if (!claim) return;
    try {
      await runClaimed(claim);
    } catch (error) {
      if (!(error instanceof LostClaimError)) throw error;
      logger.info({ operation: operationId }, error.message);
    }
  };

  const runUntilQuiet = async (operationId: string): Promise<void> => {
    do {
      rungAgain.delete(operationId);
      await runOnce(operationId);
    } while (rungAgain.has(operationId) && !signal.aborted);
  };

  const run = (operationId: string): Promise<void> => {
    const current = running.get(operationId);
    if (current) {
      rungAgain.add(operationId);
      return current;
    }
    const began = runUntilQuiet(operationId).finally(() => running.delete(operationId));
    running.set(operationId, began);
    return began;
  };
  return { run };
}
