import { sql } from 'kysely';
import type { ClientIdentity } from '@guildhall/resources';
import type { Connection } from '../database/database.ts';

export interface ClientIdentityPage {
  namespace: string;
  limit: number;
  after: string | undefined;
  before: string | undefined;
  backwards: boolean;
}

const answered = sql<boolean>`object -> 'status' ->> 'certificate' is not null`;

/** Those that have a certificate, by name; with `backwards` from the last one. */
export async function listClientIdentities(db: Connection, { namespace, limit, after, before, backwards }: ClientIdentityPage): Promise<ClientIdentity[]> {
  const rows = await db
    .selectFrom('projections')
    .select('object')
    .where('kind', '=', 'ClientIdentity')
    .where('namespace', '=', namespace)
    .where(answered)
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
    .$if(before !== undefined, (query) => query.where('name', '<', before ?? ''))
    .orderBy('name', backwards ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(({ object }) => object as ClientIdentity);
}

export async function clientIdentitiesOf(db: Connection, consortium: string): Promise<ClientIdentity[]> {
  const rows = await db.selectFrom('projections').select('object').where('kind', '=', 'ClientIdentity').where('consortium', '=', consortium).where(answered).execute();
  return rows.map(({ object }) => object as ClientIdentity);
}
