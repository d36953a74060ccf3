import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { ConsortiumRow } from '../database/schema.ts';

/** Whether the last that was done with a node of this name was to remove it without its data. */
export async function wasKept(db: Connection, { name: consortium, created_at: since }: ConsortiumRow, { member, name }: { member: string; name: string }): Promise<boolean> {
  const last = await db
    .selectFrom('operations')
    .select(['kind', 'plan'])
    .where('consortium', '=', consortium)
    // A consortium that had the name before is another one.
    .where('created_at', '>=', since)
    .where('kind', 'in', ['addNode', 'removeNode'])
    .where(sql<boolean>`plan ->> 'member' = ${member} and plan ->> 'name' = ${name}`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.kind === 'removeNode' && !(last.plan as { deleteData: boolean }).deleteData;
}
