import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { OperationRow, StepRow } from '../database/schema.ts';
import { appendLog } from './operation-log.ts';
import { openStates } from './operation.ts';
import { noTrouble } from './trouble.ts';

export interface NewOperation {
  kind: string;
  consortium: string;
  subject: string;
  actor: string;
  plan: unknown;
  idempotencyKey: string | undefined;
  inputDigest: string;
  steps: { name: string; title: string }[];
}

/** Inserts the operation, its steps and the outbox row that rings for it; to be called in the mutation's transaction. */
export async function insertOperation(tx: Connection, operation: NewOperation): Promise<OperationRow> {
  const row = await tx
    .insertInto('operations')
    .values({
      kind: operation.kind,
      consortium: operation.consortium,
      subject: operation.subject,
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

/** The operation, locked until the transaction ends. */
export const lockOperation = (tx: Connection, id: string): Promise<OperationRow | undefined> =>
  tx.selectFrom('operations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** The one that changed the same after this one was begun, if there is one. */
export const findSuccessor = (db: Connection, operation: OperationRow): Promise<OperationRow | undefined> =>
  db
    .selectFrom('operations')
    .selectAll()
    .where('consortium', '=', operation.consortium)
    .where(sql<boolean>`(created_at, id) > (select created_at, id from operations where id = ${operation.id})`)
    .$if(operation.subject !== '', (query) => query.where('subject', 'in', ['', operation.subject]))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Newest first; with `backwards` oldest first. `after` and `before` are ids, in the order of newest first. */
export const listOperations = (
  db: Connection,
  options: { consortium?: string | undefined; limit: number; after?: string | undefined; before?: string | undefined; backwards: boolean },
): Promise<OperationRow[]> => {
  // Compared in the database: JavaScript's dates would lose the microseconds, and with them rows.
  const place = (id: string | undefined) => sql`(select created_at, id from operations where id = ${id}::uuid)`;
  return db
    .selectFrom('operations')
    .selectAll()
    .$if(options.consortium !== undefined, (query) => query.where('consortium', '=', options.consortium ?? ''))
    .$if(options.after !== undefined, (query) => query.where(sql<boolean>`(created_at, id) < ${place(options.after)}`))
    .$if(options.before !== undefined, (query) => query.where(sql<boolean>`(created_at, id) > ${place(options.before)}`))
    .orderBy('created_at', options.backwards ? 'asc' : 'desc')
    .orderBy('id', options.backwards ? 'asc' : 'desc')
    .limit(options.limit)
    .execute();
};

/** Of a step that is to be run from its beginning again. */
const anew = { state: 'pending', reason: null, message: null, started_at: null, finished_at: null, ...noTrouble } as const;

export const stepsOf = (db: Connection, operationIds: readonly string[]): Promise<StepRow[]> =>
  db
    .selectFrom('operation_steps')
    .selectAll()
    .where('operation_id', 'in', [...operationIds])
    .orderBy('position')
    .execute();

/** Sets a failed operation's steps that did not succeed back to pending and rings. */
export async function restartFailed(tx: Connection, id: string): Promise<void> {
  await tx
    .updateTable('operations')
    .set({ state: 'pending', yields: false, due_at: sql`now()`, problem: null, finished_at: null })
    .where('id', '=', id)
    .execute();
  await tx
    .updateTable('operation_steps')
    .set(anew)
    .where('operation_id', '=', id)
    .where('state', '<>', 'succeeded')
    .execute();
  await tx.insertInto('outbox').values({ operation_id: id }).execute();
  await appendLog(tx, id, null, 'retried');
}

/**
 * Asks for the undo. A worker that runs it loses its claim with its next write; its lease stays until it has noticed, so
 * that the undo does not begin while that worker may still write to the cluster.
 */
export async function requestCancel(tx: Connection, id: string): Promise<void> {
  await tx
    .updateTable('operations')
    .set({ state: 'cancelling', yields: false, epoch: sql`epoch + 1`, due_at: sql`now()`, finished_at: null, problem: null })
    .where('id', '=', id)
    .execute();
  await tx.insertInto('outbox').values({ operation_id: id }).execute();
  await appendLog(tx, id, null, 'cancel was asked for');
}

/** Operations that nobody works on although they are due: what the sweeper rings for. */
export const dueOperations = async (db: Connection, worker: string, limit: number): Promise<string[]> => {
  const rows = await db
    .selectFrom('operations')
    .select('id')
    .where('due_at', '<=', sql<Date>`now()`)
    .where('state', 'in', openStates)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`), where('claimed_by', '=', worker)]))
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
};

/** The one that stands in the way of another: it changes the same, or the consortium now. */
export const findOpenOperation = (db: Connection, consortium: string, subject = ''): Promise<OperationRow | undefined> =>
  db
    .selectFrom('operations')
    .selectAll()
    .where('consortium', '=', consortium)
    .where('state', 'in', openStates)
    .orderBy(sql`subject = ${subject}`, 'desc')
    .orderBy('yields')
    .limit(1)
    .executeTakeFirst();

/** Those that yield, locked until the transaction ends: none begins or ends to yield meanwhile. */
export const lockYielding = async (tx: Connection, consortium: string): Promise<OperationRow[]> => {
  const rows = await tx.selectFrom('operations').selectAll().where('consortium', '=', consortium).where('state', 'in', openStates).forUpdate().execute();
  return rows.filter(({ yields }) => yields);
};

/**
 * Has the operation look again at once: a person has decided something that it waits for. Whoever runs it at this moment loses the claim, so
 * that it never ends a step by what it read before.
 */
export async function lookAgain(tx: Connection, id: string): Promise<void> {
  await tx.updateTable('operations').set({ epoch: sql`epoch + 1`, due_at: sql`now()` }).where('id', '=', id).execute();
  await tx.insertInto('outbox').values({ operation_id: id }).execute();
}
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

/** A step of an operation that has failed is run again by the next retry, although it had succeeded. */
export const reopenStep = (tx: Connection, operationId: string, name: string): Promise<unknown> =>
  tx
    .updateTable('operation_steps')
    .set(anew)
    .where('operation_id', '=', operationId)
    .where('name', '=', name)
    .execute();
