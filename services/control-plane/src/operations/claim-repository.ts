import { sql, type Transaction } from 'kysely';
import type { Connection, Database } from '../database/database.ts';
import { transact } from '../database/database.ts';
import type { OperationProblem, OperationRow, StepRow, StepState, Tables } from '../database/schema.ts';
import type { StepOutcome } from './operation.ts';
import { openStates } from './operation.ts';
import { appendLog } from './operation-log.ts';
import { stepsOf } from './operation-repository.ts';

/** Another worker has the operation, or it was cancelled: whoever holds this must stop. */
export class LostClaimError extends Error {
  constructor(operationId: string) {
    super(`operation ${operationId} is no longer this worker's`);
    this.name = 'LostClaimError';
  }
}

/** One run of one operation by one worker. Writes count only while the operation's epoch is still the claim's. */
export interface Claim {
  operation: OperationRow;
  steps: StepRow[];
  worker: string;
}

/** Renewed while the work goes on; a worker that died costs this long. */
export const leaseMs = 15_000;
const lease = sql<Date>`now() + make_interval(secs => ${leaseMs / 1000})`;

/**
 * Takes the operation for one run. Undefined when it ended, is not known, or another worker has it. A worker never runs
 * an operation twice at once, so a lease of its own is one that it could not give back.
 */
export async function claimOperation(db: Database, id: string, worker: string): Promise<Claim | undefined> {
  const operation = await db
    .updateTable('operations')
    .set({ epoch: sql`epoch + 1`, lease_until: lease, claimed_by: worker, started_at: sql`coalesce(started_at, now())` })
    .where('id', '=', id)
    .where('state', 'in', openStates)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`), where('claimed_by', '=', worker)]))
    .returningAll()
    .executeTakeFirst();
  return operation && { operation, steps: await stepsOf(db, [id]), worker };
}

/** False when the claim is lost. */
export async function renewLease(db: Connection, claim: Claim): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set({ lease_until: lease })
    .where('id', '=', claim.operation.id)
    .where('epoch', '=', claim.operation.epoch)
    .where('state', 'in', openStates)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives the lease back, also after the claim was lost to a cancel: the next one may begin. True when it still was this worker's. */
export async function releaseLease(db: Connection, claim: Claim): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set({ lease_until: null, claimed_by: null })
    .where('id', '=', claim.operation.id)
    .where('claimed_by', '=', claim.worker)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Runs a write only while the claim holds, and extends the lease with it. */
const fenced = (db: Database, claim: Claim, write: (tx: Transaction<Tables>) => Promise<unknown>): Promise<void> =>
  transact(db, async (tx) => {
    if (!(await renewLease(tx, claim))) throw new LostClaimError(claim.operation.id);
    await write(tx);
  });

const setStep = (tx: Connection, step: StepRow, values: Parameters<typeof updateStep>[1]): Promise<unknown> =>
  updateStep(tx, values).where('operation_id', '=', step.operation_id).where('position', '=', step.position).execute();
const updateStep = (tx: Connection, values: { state: StepState } & Record<string, unknown>) => tx.updateTable('operation_steps').set(values);

const setOperation = (tx: Connection, claim: Claim, values: Record<string, unknown>): Promise<unknown> =>
  tx.updateTable('operations').set(values).where('id', '=', claim.operation.id).execute();

const waitingAgain = (state: 'waiting' | 'cancelling', afterMs: number) =>
  ({ state, due_at: sql<Date>`now() + make_interval(secs => ${afterMs / 1000})`, lease_until: null, claimed_by: null });

const release = (tx: Connection, claim: Claim, state: 'waiting' | 'cancelling', afterMs: number): Promise<unknown> =>
  setOperation(tx, claim, waitingAgain(state, afterMs));

const end = (tx: Connection, claim: Claim, state: 'succeeded' | 'failed' | 'cancelled', problem: OperationProblem | null): Promise<unknown> =>
  setOperation(tx, claim, {
    state,
    due_at: null,
    lease_until: null,
    claimed_by: null,
    finished_at: sql`clock_timestamp()`,
    problem: problem === null ? null : JSON.stringify(problem),
  });

export const startStep = (db: Database, claim: Claim, step: StepRow): Promise<void> =>
  fenced(db, claim, async (tx) => {
    await setOperation(tx, claim, { state: 'running' });
    await setStep(tx, step, { state: 'running', attempt: step.attempt + 1, started_at: sql`coalesce(started_at, now())` });
    if (step.attempt === 0) await appendLog(tx, step.operation_id, step.name, `started: ${step.title}`);
  });

/** Writes what the step came to, and with it what becomes of the operation. */
export const finishStep = (db: Database, claim: Claim, step: StepRow, outcome: StepOutcome, isLast: boolean): Promise<void> =>
  outcome.kind === 'wait' && step.state === 'waiting' && step.message === outcome.message && step.reason === outcome.reason
    ? waitOn(db, claim, outcome.retryAfterMs)
    : finishWithNews(db, claim, step, outcome, isLast);

/** An operation is looked at with each change of its consortium, and mostly still waits for the same: that is one statement. */
async function waitOn(db: Database, claim: Claim, afterMs: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set(waitingAgain('waiting', afterMs))
    .where('id', '=', claim.operation.id)
    .where('epoch', '=', claim.operation.epoch)
    .where('state', 'in', openStates)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LostClaimError(claim.operation.id);
}

const finishWithNews = (db: Database, claim: Claim, step: StepRow, outcome: StepOutcome, isLast: boolean): Promise<void> =>
  fenced(db, claim, async (tx) => {
    const { operation_id: id, name } = step;
    switch (outcome.kind) {
      case 'wait':
        await setStep(tx, step, { state: 'waiting', reason: outcome.reason, message: outcome.message });
        await appendLog(tx, id, name, `waiting: ${outcome.message}`);
        await release(tx, claim, 'waiting', outcome.retryAfterMs);
        break;
      case 'fail':
        await setStep(tx, step, { state: 'failed', reason: outcome.reason, message: outcome.problem.message, finished_at: sql`clock_timestamp()` });
        await appendLog(tx, id, name, `failed: ${outcome.problem.message}; ${outcome.problem.nextAction}`);
        await end(tx, claim, 'failed', outcome.problem);
        break;
      case 'done':
        await setStep(tx, step, { state: 'succeeded', reason: null, message: outcome.message ?? null, finished_at: sql`clock_timestamp()` });
        await appendLog(tx, id, name, outcome.message === undefined ? 'done' : `done: ${outcome.message}`);
        if (isLast) await end(tx, claim, 'succeeded', null);
    }
  });

/** A cancelling operation's undo came to an end, or has to wait. */
export const finishCancel = (db: Database, claim: Claim, outcome: StepOutcome): Promise<void> =>
  fenced(db, claim, async (tx) => {
    const { id } = claim.operation;
    switch (outcome.kind) {
      case 'wait':
        await appendLog(tx, id, null, `cancelling: ${outcome.message}`);
        await release(tx, claim, 'cancelling', outcome.retryAfterMs);
        break;
      case 'fail':
        await appendLog(tx, id, null, `could not be taken back: ${outcome.problem.message}`);
        await end(tx, claim, 'failed', outcome.problem);
        break;
      case 'done':
        await appendLog(tx, id, null, outcome.message === undefined ? 'cancelled' : `cancelled: ${outcome.message}`);
        await updateStep(tx, { state: 'cancelled' })
          .where('operation_id', '=', id)
          .where('state', 'in', ['pending', 'running', 'waiting', 'failed'])
          .execute();
        await end(tx, claim, 'cancelled', null);
    }
  });
