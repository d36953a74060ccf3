import { sql } from 'kysely';
import type { Connection, Database } from '../database/database.ts';
import { consortiumOf, type ClusterObject } from './cluster-view.ts';

/** PostgreSQL takes 65,535 parameters in a statement; a row has seven. */
const batchSize = 500;

const rowOf = (object: ClusterObject) => {
  const consortium = consortiumOf(object);
  if (consortium === undefined) return [];
  const { namespace = '', name, uid = '', resourceVersion = '0' } = object.metadata;
  return [{ kind: object.kind, namespace, name, consortium, uid, resource_version: resourceVersion, object: JSON.stringify(object) }];
};

/**
 * Writes what the cluster said. An older version never overwrites a newer one, so replicas and the answers to our own
 * writes may come in any order.
 */
export async function upsertProjections(db: Connection, objects: readonly ClusterObject[]): Promise<void> {
  for (let from = 0; from < objects.length; from += batchSize) {
    const rows = objects.slice(from, from + batchSize).flatMap(rowOf);
    if (rows.length === 0) continue;
    await db
      .insertInto('projections')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'namespace', 'name'])
          .doUpdateSet({
            consortium: (set) => set.ref('excluded.consortium'),
            uid: (set) => set.ref('excluded.uid'),
            resource_version: (set) => set.ref('excluded.resource_version'),
            object: (set) => set.ref('excluded.object'),
          })
          .where(sql<boolean>`excluded.resource_version > projections.resource_version`),
      )
      .execute();
  }
}

/**
 * By uid: the deletion of a predecessor, told late, must not take its successor away. Remembered before it is done, in a transaction of its own, so that
 * whoever writes the row meanwhile is refused, or what he wrote is deleted.
 */
export async function deleteProjections(db: Database, uids: readonly string[]): Promise<void> {
  if (uids.length === 0) return;
  await sql`insert into forgotten_objects (uid) select distinct unnest(${[...uids]}::text[]) on conflict do nothing`.execute(db);
  await db.deleteFrom('projections').where('uid', '=', sql<string>`any(${[...uids]}::text[])`).execute();
}

/** By place: of what the cluster says that nothing is there. */
export async function deleteProjectionAt(db: Database, { kind, namespace, name }: { kind: string; namespace: string; name: string }): Promise<void> {
  const rows = await db.selectFrom('projections').select('uid').where('kind', '=', kind).where('namespace', '=', namespace).where('name', '=', name).execute();
  await deleteProjections(db, rows.map(({ uid }) => uid));
}

/** Of what the cluster itself says that it is there after all: it was restored to an earlier state. */
export async function remember(db: Connection, uids: readonly string[]): Promise<void> {
  if (uids.length > 0) await db.deleteFrom('forgotten_objects').where('uid', '=', sql<string>`any(${[...uids]}::text[])`).execute();
}

/** Longer than any word of an object is on its way. */
export const sweepForgotten = (db: Connection): Promise<unknown> => db.deleteFrom('forgotten_objects').where('at', '<', sql<Date>`now() - interval '1 hour'`).execute();

export interface ProjectionKey {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  /** A decimal number beyond what JavaScript's numbers hold exactly. */
  resource_version: string;
}

export const projectionKeys = (db: Connection): Promise<ProjectionKey[]> =>
  db.selectFrom('projections').select(['kind', 'namespace', 'name', 'uid', 'resource_version']).execute();

/** Without client identities: there may be very many of them, and they are read by the page. */
export const projectionsOf = async (db: Connection, consortia: readonly string[]): Promise<(ClusterObject & { consortium: string })[]> => {
  const rows = await db
    .selectFrom('projections')
    .select(['consortium', 'object'])
    .where('consortium', 'in', [...consortia])
    .where('kind', '<>', 'ClientIdentity')
    .orderBy('namespace')
    .orderBy('name')
    .execute();
  // The column holds what upsertProjections wrote.
  return rows.map((row) => ({ ...(row.object as ClusterObject), consortium: row.consortium }));
};

export const findProjection = async (db: Connection, kind: string, uid: string): Promise<{ consortium: string; object: ClusterObject } | undefined> => {
  const row = await db.selectFrom('projections').select(['consortium', 'object']).where('kind', '=', kind).where('uid', '=', uid).executeTakeFirst();
  return row && { consortium: row.consortium, object: row.object as ClusterObject };
};
