import type { Connection } from '../database/database.ts';
import type { ConsortiumRow, ConsortiumState } from '../database/schema.ts';

export const findConsortium = (db: Connection, key: { id: string } | { name: string }): Promise<ConsortiumRow | undefined> =>
  db
    .selectFrom('consortia')
    .selectAll()
    .where((where) => ('id' in key ? where('id', '=', key.id) : where('name', '=', key.name)))
    .where('state', '<>', 'deleted')
    .executeTakeFirst();

export const listConsortia = (db: Connection, options: { limit: number; afterName?: string | undefined }): Promise<ConsortiumRow[]> =>
  db
    .selectFrom('consortia')
    .selectAll()
    .where('state', '<>', 'deleted')
    .$if(options.afterName !== undefined, (query) => query.where('name', '>', options.afterName ?? ''))
    .orderBy('name')
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

/** A consortium that came to the cluster by another way, such as GitOps, gets its row too. */
export const adoptConsortium = (db: Connection, name: string): Promise<unknown> =>
  db
    .insertInto('consortia')
    .values({ name, created_by: 'cluster' })
    .onConflict((conflict) => conflict.column('name').where('state', '<>', 'deleted').doNothing())
    .execute();

export const setConsortiumState = (tx: Connection, name: string, state: ConsortiumState): Promise<unknown> =>
  tx.updateTable('consortia').set({ state }).where('name', '=', name).where('state', '<>', 'deleted').execute();
