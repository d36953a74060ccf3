import { sql } from 'kysely';
import type { Connection, Database } from '../database/database.ts';
import type { LogRow, OperationProblem, OperationRow, StepRow, StepState } from '../database/schema.ts';
import type { StepOutcome } from './operation.ts';

/** The claim was taken over by another worker, or the operation was cancelled: whoever holds this must stop. */
export class LostClaimError extends Error {
  constructor(operationId: string) {
    super(`operation ${operationId} is claimed by another worker`);
    this.name = 'LostClaimError';
  }
}

export interface NewOperation {
  kind: string;
  consortium: string;
  actor: string;
  plan: unknown;
  idempotencyKey: string | undefined;
  inputDigest: string;
  steps: { name: string; title: string }[];
}

export interface Claim {
  operation: OperationRow;
  steps: StepRow[];
}

const leaseSeconds = 60;

/** Inserts the operation, its steps and the outbox row that rings for it; to be called in the mutation's transaction. */
export async function insertOperation(tx: Connection, operation: NewOperation): Promise<OperationRow> {
  const row = await tx
    .insertInto('operations')
    .values({
      kind: operation.kind,
      consortium: operation.consortium,
      actor: operation.actor,
      plan: JSON.stringify(operation.plan),
      idempotency_key: operation.idempotencyKey ?? null,
      input_digest: operation.inputDigest,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('operation_steps')
    .values(operation.steps.map((step, position) => ({ operation_id: row.id, position, ...step })))
    .execute();
  await tx.insertInto('outbox').values({ operation_id: row.id }).execute();
  return row;
}

export const findByIdempotencyKey = (db: Connection, actor: string, key: string): Promise<OperationRow | undefined> =>
  db.selectFrom('operations').selectAll().where('actor', '=', actor).where('idempotency_key', '=', key).executeTakeFirst();

export const findOperation = (db: Connection, id: string): Promise<OperationRow | undefined> =>
  db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();

export const listOperations = (
  db: Connection,
  options: { consortium?: string; limit: number; before?: { createdAt: Date; id: string } },
): Promise<OperationRow[]> =>
  db
    .selectFrom('operations')
    .selectAll()
    .$if(options.consortium !== undefined, (query) => query.where('consortium', '=', options.consortium ?? ''))
    .$if(options.before !== undefined, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${options.before?.createdAt}, ${options.before?.id}::uuid)`),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(options.limit)
    .execute();

export const stepsOf = (db: Connection, operationIds: readonly string[]): Promise<StepRow[]> =>
  db
    .selectFrom('operation_steps')
    .selectAll()
    .where('operation_id', 'in', [...operationIds])
    .orderBy('position')
    .execute();

export const logOf = (db: Connection, operationId: string, after: string, limit: number): Promise<LogRow[]> =>
  db
    .selectFrom('operation_log')
    .selectAll()
    .where('operation_id', '=', operationId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();

/** Takes the operation for one run. Undefined when it ended, is not known, or another worker has it. */
export async function claimOperation(db: Database, id: string): Promise<Claim | undefined> {
  const operation = await db
    .updateTable('operations')
    .set({
      epoch: sql`epoch + 1`,
      lease_until: sql`now() + make_interval(secs => ${leaseSeconds})`,
      state: sql`case when state = 'cancelling' then state else 'running' end`,
      started_at: sql`coalesce(started_at, now())`,
    })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'waiting', 'running', 'cancelling'])
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .returningAll()
    .executeTakeFirst();
  return operation && { operation, steps: await stepsOf(db, [id]) };
}

/** Runs a write only while the claim holds, and extends the lease with it. */
async function fenced(db: Database, claim: Claim, write: (tx: Connection) => Promise<unknown>): Promise<void> {
  const { id, epoch } = claim.operation;
  await db.transaction().execute(async (tx) => {
    const held = await tx
      .updateTable('operations')
      .set({ lease_until: sql`now() + make_interval(secs => ${leaseSeconds})` })
      .where('id', '=', id)
      .where('epoch', '=', epoch)
      .where('state', 'in', ['running', 'cancelling'])
      .executeTakeFirst();
    if (held.numUpdatedRows !== 1n) throw new LostClaimError(id);
    await write(tx);
  });
}

const log = (tx: Connection, operationId: string, step: string | null, message: string): Promise<unknown> =>
  tx.insertInto('operation_log').values({ operation_id: operationId, step, message }).execute();

export const startStep = (db: Database, claim: Claim, step: StepRow): Promise<void> =>
  fenced(db, claim, async (tx) => {
    await tx
      .updateTable('operation_steps')
      .set({ state: 'running', attempt: step.attempt + 1, started_at: sql`coalesce(started_at, now())` })
      .where('operation_id', '=', step.operation_id)
      .where('position', '=', step.position)
      .execute();
    if (step.attempt === 0) await log(tx, step.operation_id, step.name, `started: ${step.title}`);
  });

const stepStates = { done: 'succeeded', wait: 'waiting', fail: 'failed' } as const satisfies Record<StepOutcome['kind'], StepState>;

const describe = (outcome: StepOutcome): { reason: string | null; message: string | null } => {
  if (outcome.kind === 'done') return { reason: null, message: outcome.message ?? null };
  if (outcome.kind === 'wait') return { reason: outcome.reason, message: outcome.message };
  return { reason: outcome.reason, message: outcome.problem.message };
};

/** Writes what the step came to, and with it what becomes of the operation. */
export const finishStep = (db: Database, claim: Claim, step: StepRow, outcome: StepOutcome, isLast: boolean): Promise<void> =>
  fenced(db, claim, async (tx) => {
    const { reason, message } = describe(outcome);
    await tx
      .updateTable('operation_steps')
      .set({
        state: stepStates[outcome.kind],
        reason,
        message,
        ...(outcome.kind === 'wait' ? {} : { finished_at: sql`clock_timestamp()` }),
      })
      .where('operation_id', '=', step.operation_id)
      .where('position', '=', step.position)
      .execute();
    if (outcome.kind === 'wait') {
      if (step.message !== message) await log(tx, step.operation_id, step.name, `waiting: ${outcome.message}`);
      await release(tx, claim, 'waiting', sql<Date>`now() + make_interval(secs => ${outcome.retryAfterMs / 1000})`);
    } else if (outcome.kind === 'fail') {
      await log(tx, step.operation_id, step.name, `failed: ${outcome.problem.message} ${outcome.problem.nextAction}`);
      await end(tx, claim, 'failed', outcome.problem);
    } else {
      await log(tx, step.operation_id, step.name, outcome.message ? `done: ${outcome.message}` : 'done');
      if (isLast) await end(tx, claim, 'succeeded', null);
    }
  });

const release = (tx: Connection, claim: Claim, state: 'waiting' | 'cancelling', due: ReturnType<typeof sql<Date>>): Promise<unknown> =>
  tx.updateTable('operations').set({ state, due_at: due, lease_until: null }).where('id', '=', claim.operation.id).execute();

const end = (
  tx: Connection,
  claim: Claim,
  state: 'succeeded' | 'failed' | 'cancelled',
  problem: OperationProblem | null,
): Promise<unknown> =>
  tx
    .updateTable('operations')
    .set({
      state,
      due_at: null,
      lease_until: null,
      finished_at: sql`clock_timestamp()`,
      problem: problem === null ? null : JSON.stringify(problem),
    })
    .where('id', '=', claim.operation.id)
    .execute();

/** A cancelling operation's undo came to an end, or has to wait. */
export const finishCancel = (db: Database, claim: Claim, outcome: StepOutcome): Promise<void> =>
  fenced(db, claim, async (tx) => {
    const { id } = claim.operation;
    if (outcome.kind === 'wait') {
      await log(tx, id, null, `cancelling: ${outcome.message}`);
      await release(tx, claim, 'cancelling', sql<Date>`now() + make_interval(secs => ${outcome.retryAfterMs / 1000})`);
      return;
    }
    if (outcome.kind === 'fail') {
      await log(tx, id, null, `could not be taken back: ${outcome.problem.message}`);
      await end(tx, claim, 'failed', outcome.problem);
      return;
    }
    await log(tx, id, null, outcome.message ?? 'cancelled');
    await tx
      .updateTable('operation_steps')
      .set({ state: 'cancelled' })
      .where('operation_id', '=', id)
      .where('state', 'in', ['pending', 'running', 'waiting', 'failed'])
      .execute();
    await end(tx, claim, 'cancelled', null);
  });

/** Sets failed steps back to pending and rings. False when there is nothing to retry. */
export async function resetFailedSteps(tx: Connection, id: string): Promise<boolean> {
  const operation = await tx
    .updateTable('operations')
    .set({ state: 'pending', due_at: sql`now()`, problem: null, finished_at: null })
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .executeTakeFirst();
  if (operation.numUpdatedRows !== 1n) return false;
  await tx
    .updateTable('operation_steps')
    .set({ state: 'pending', reason: null, message: null, finished_at: null })
    .where('operation_id', '=', id)
    .where('state', 'in', ['failed', 'waiting', 'running'])
    .execute();
  await tx.insertInto('outbox').values({ operation_id: id }).execute();
  await log(tx, id, null, 'retried');
  return true;
}

/** Asks for the undo. A running worker loses its claim with the next write. False when the operation has ended well or was cancelled. */
export async function requestCancel(tx: Connection, id: string): Promise<boolean> {
  const operation = await tx
    .updateTable('operations')
    .set({ state: 'cancelling', epoch: sql`epoch + 1`, lease_until: null, due_at: sql`now()`, finished_at: null })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'running', 'waiting', 'failed'])
    .executeTakeFirst();
  if (operation.numUpdatedRows !== 1n) return false;
  await tx.insertInto('outbox').values({ operation_id: id }).execute();
  await log(tx, id, null, 'cancel was asked for');
  return true;
}

/** Operations that nobody works on although they are due: what the sweeper rings for. */
export const dueOperations = async (db: Connection, limit: number): Promise<string[]> => {
  const rows = await db
    .selectFrom('operations')
    .select('id')
    .where('due_at', '<=', sql<Date>`now()`)
    .where('state', 'in', ['pending', 'waiting', 'running', 'cancelling'])
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
};

/** Those of a consortium that a change of it may help along: one that runs at this moment may have looked just before. */
export const openOperations = async (db: Connection, consortium: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('operations')
    .select('id')
    .where('consortium', '=', consortium)
    .where('state', 'in', ['waiting', 'running', 'cancelling'])
    .execute();
  return rows.map((row) => row.id);
};
