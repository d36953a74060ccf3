import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { ConsortiumRow, ConsortiumState } from '../database/schema.ts';

export const findConsortium = (db: Connection, key: { id: string } | { name: string }): Promise<ConsortiumRow | undefined> =>
  db
    .selectFrom('consortia')
    .selectAll()
    .where((where) => ('id' in key ? where('id', '=', key.id) : where('name', '=', key.name)))
    .where('state', '<>', 'deleted')
    .executeTakeFirst();

/** Also when it was deleted. */
export const findConsortiumEver = (db: Connection, id: string): Promise<ConsortiumRow | undefined> =>
  db.selectFrom('consortia').selectAll().where('id', '=', id).executeTakeFirst();

/** By name; with `backwards` from the last one. */
export const listConsortia = (
  db: Connection,
  options: { limit: number; after?: string | undefined; before?: string | undefined; backwards: boolean },
): Promise<ConsortiumRow[]> =>
  db
    .selectFrom('consortia')
    .selectAll()
    .where('state', '<>', 'deleted')
    .$if(options.after !== undefined, (query) => query.where('name', '>', options.after ?? ''))
    .$if(options.before !== undefined, (query) => query.where('name', '<', options.before ?? ''))
    .orderBy('name', options.backwards ? 'desc' : 'asc')
    .limit(options.limit)
    .execute();

/** Reserves the name and the MSP ids. A violated constraint says which is taken. */
export async function reserveConsortium(
  tx: Connection,
  consortium: { name: string; createdBy: string; members: readonly { name: string; mspId: string }[] },
): Promise<ConsortiumRow> {
  const row = await tx
    .insertInto('consortia')
    .values({ name: consortium.name, created_by: consortium.createdBy })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('msp_reservations')
    .values(consortium.members.map((member) => ({ consortium_id: row.id, member: member.name, msp_id: member.mspId })))
    .execute();
  return row;
}

/**
 * A Consortium object that was never seen before gets its row, when it came by another way than the API, such as GitOps;
 * a row that its name has already learns which object is its own. What is said late of an object that was deleted since
 * changes nothing, because its uid stands in a row already.
 */
export const adoptConsortia = (db: Connection, objects: readonly { name: string; uid: string }[]): Promise<unknown> =>
  sql`
    insert into consortia (name, created_by, cluster_uid)
    select seen.name, 'cluster', seen.uid
    from unnest(${objects.map((object) => object.name)}::text[], ${objects.map((object) => object.uid)}::text[]) as seen (name, uid)
    where not exists (select from consortia where cluster_uid = seen.uid)
    on conflict (name) where state <> 'deleted' do update set
      cluster_uid = excluded.cluster_uid,
      state = case when consortia.state = 'kept' then 'live' else consortia.state end
  `.execute(db);

/** Its Consortium object was deleted by another way than the API: volumes and keys are where they were. */
export const keepConsortium = (db: Connection, uid: string): Promise<unknown> =>
  db.updateTable('consortia').set({ state: 'kept' }).where('cluster_uid', '=', uid).where('state', '=', 'live').execute();

export const setConsortiumState = (tx: Connection, name: string, state: ConsortiumState): Promise<unknown> =>
  tx.updateTable('consortia').set({ state }).where('name', '=', name).where('state', '<>', 'deleted').execute();
