import { sql, type Transaction } from 'kysely';
import type { Connection, Database } from '../database/database.ts';
import { transact, violatedConstraint } from '../database/database.ts';
import type { OperationProblem, OperationRow, StepRow, StepState, Tables } from '../database/schema.ts';
import type { StepOutcome } from './operation.ts';
import { openStates } from './operation.ts';
import { appendLog } from './operation-log.ts';
import { stepsOf } from './operation-repository.ts';
import { isSameTrouble, noTrouble, troubleAfter, type Trouble } from './trouble.ts';

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

/** Ends the yielding of an operation. False while another operation changes the consortium. */
export async function holdConsortium(db: Database, claim: Claim): Promise<boolean> {
  try {
    await setOperation(db, claim, { yields: false });
    return true;
  } catch (error) {
    if (violatedConstraint(error) === 'operations_one_at_a_time') return false;
    throw error;
  }
}

type OperationValues = Record<string, unknown>;

/** Sets the operation to these values, and writes what goes with them, only while the claim holds. */
const fenced = (db: Database, claim: Claim, values: OperationValues, write: (tx: Transaction<Tables>) => Promise<unknown>): Promise<void> =>
  transact(db, async (tx) => {
    await setOperation(tx, claim, values);
    await write(tx);
  });

async function setOperation(db: Connection, claim: Claim, values: OperationValues): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('operations')
    .set(values)
    .where('id', '=', claim.operation.id)
    .where('epoch', '=', claim.operation.epoch)
    .where('state', 'in', openStates)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LostClaimError(claim.operation.id);
}

const setStep = (tx: Connection, step: StepRow, values: Parameters<typeof updateStep>[1]): Promise<unknown> =>
  updateStep(tx, values).where('operation_id', '=', step.operation_id).where('position', '=', step.position).execute();
const updateStep = (tx: Connection, values: { state: StepState } & Record<string, unknown>) => tx.updateTable('operation_steps').set(values);

const running = { state: 'running', lease_until: lease };
const waitingAgain = (state: 'waiting' | 'cancelling', { retryAfterMs, yields }: Extract<StepOutcome, { kind: 'wait' }>): OperationValues => ({
  state,
  due_at: sql<Date>`now() + make_interval(secs => ${retryAfterMs / 1000})`,
  lease_until: null,
  claimed_by: null,
  ...(yields === undefined ? {} : { yields }),
});
const ended = (state: 'succeeded' | 'failed' | 'cancelled', problem: OperationProblem | null): OperationValues => ({
  state,
  due_at: null,
  lease_until: null,
  claimed_by: null,
  finished_at: sql`clock_timestamp()`,
  problem: problem === null ? null : JSON.stringify(problem),
});

export const startStep = (db: Database, claim: Claim, step: StepRow): Promise<void> => fenced(db, claim, running, async (tx) => begin(tx, step));

async function begin(tx: Connection, step: StepRow): Promise<void> {
  await setStep(tx, step, { state: 'running', attempt: step.attempt + 1, started_at: sql`coalesce(started_at, clock_timestamp())` });
  if (step.attempt === 0) await appendLog(tx, step.operation_id, step.name, `started: ${step.title}`);
}

/**
 * Writes what the step came to, and with it what becomes of the operation.
 * @param next the step that begins with the end of this one; undefined when it is the last. `now`: when the step had its outcome
 */
export function finishStep(db: Database, claim: Claim, step: StepRow, outcome: StepOutcome, { next, now }: { next: StepRow | undefined; now: Date }): Promise<void> {
  const trouble = outcome.kind === 'wait' ? troubleAfter(step, outcome.reason, now) : noTrouble;
  // An operation is looked at with each change of its consortium, and mostly still waits for the same: that is one statement.
  const isNews = outcome.kind !== 'wait' || step.state !== 'waiting' || step.message !== outcome.message || step.reason !== outcome.reason || !isSameTrouble(step, trouble);
  return isNews ? finishWithNews(db, claim, step, outcome, { next, trouble }) : setOperation(db, claim, waitingAgain('waiting', outcome));
}

const finishWithNews = (db: Database, claim: Claim, step: StepRow, outcome: StepOutcome, { next, trouble }: { next: StepRow | undefined; trouble: Trouble }): Promise<void> => {
  const following = outcome.kind === 'done' ? next : undefined;
  const values = outcome.kind === 'done' && next ? running : afterwards(outcome, { done: 'succeeded', waiting: 'waiting' });
  return fenced(db, claim, values, async (tx) => {
    await setStep(tx, step, { ...stepAfter(outcome), ...trouble });
    await appendLog(tx, step.operation_id, step.name, lineOf(outcome, { done: 'done', wait: 'waiting', fail: 'failed' }));
    if (following) await begin(tx, following);
  });
};

/** A cancelling operation's undo came to an end, or has to wait. */
export const finishCancel = (db: Database, claim: Claim, outcome: StepOutcome): Promise<void> =>
  fenced(db, claim, afterwards(outcome, { done: 'cancelled', waiting: 'cancelling' }), async (tx) => {
    const { id } = claim.operation;
    await appendLog(tx, id, null, lineOf(outcome, { done: 'cancelled', wait: 'cancelling', fail: 'could not be taken back' }));
    if (outcome.kind !== 'done') return;
    await updateStep(tx, { state: 'cancelled' })
      .where('operation_id', '=', id)
      .where('state', 'in', ['pending', 'running', 'waiting', 'failed'])
      .execute();
  });

function afterwards(outcome: StepOutcome, states: { done: 'succeeded' | 'cancelled'; waiting: 'waiting' | 'cancelling' }): OperationValues {
  if (outcome.kind === 'wait') return waitingAgain(states.waiting, outcome);
  return outcome.kind === 'fail' ? ended('failed', outcome.problem) : ended(states.done, null);
}

function stepAfter(outcome: StepOutcome): Parameters<typeof updateStep>[1] {
  const finished_at = sql`clock_timestamp()`;
  if (outcome.kind === 'wait') return { state: 'waiting', reason: outcome.reason, message: outcome.message };
  if (outcome.kind === 'fail') return { state: 'failed', reason: outcome.reason, message: outcome.problem.message, finished_at };
  return { state: 'succeeded', reason: null, message: outcome.message ?? null, finished_at };
}

function lineOf(outcome: StepOutcome, words: Record<StepOutcome['kind'], string>): string {
  const word = words[outcome.kind];
  if (outcome.kind === 'fail') return `${word}: ${outcome.problem.message}; ${outcome.problem.nextAction}`;
  return outcome.message === undefined ? word : `${word}: ${outcome.message}`;
}
