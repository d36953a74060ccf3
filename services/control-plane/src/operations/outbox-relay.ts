import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { OperationQueue } from './operation-queue.ts';

/**
 * Rings for what was committed but not rung for. Rows are taken by their state, never by "id greater than the last": a
 * transaction that commits late has a low id. A crash between ringing and marking rings twice, which is harmless.
 * @returns how many rang
 */
export async function relayOutbox(db: Database, queue: Pick<OperationQueue, 'ring'>, limit = 100): Promise<number> {
  const rows = await db
    .selectFrom('outbox')
    .select(['id', 'operation_id'])
    .where('published_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  for (const row of rows) await queue.ring(row.operation_id);
  if (rows.length > 0) {
    const ids = rows.map((row) => row.id);
    await db.updateTable('outbox').set({ published_at: sql`now()` }).where('id', 'in', ids).execute();
    await db.deleteFrom('outbox').where('published_at', '<', sql<Date>`now() - interval '1 hour'`).execute();
  }
  return rows.length;
}
