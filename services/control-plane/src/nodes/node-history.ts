import type { Node } from '@guildhall/resources';
import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { ConsortiumRow } from '../database/schema.ts';

/** What stayed when a node was removed. */
export interface Kept {
  /** What its volume is; undefined: an earlier Guildhall removed it, which did not note that. */
  storage: Node['spec']['storage'] | undefined;
}

/** What was kept, if the last that was done with a node of this name was to remove it without its data. */
export async function keptOf(db: Connection, { name: consortium, created_at: since }: ConsortiumRow, { member, name }: { member: string; name: string }): Promise<Kept | undefined> {
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
  if (last?.kind !== 'removeNode') return undefined;
  const { deleteData, storage } = last.plan as { deleteData: boolean } & Kept;
  return deleteData ? undefined : { storage };
}
