import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import { consortiumOf, type ClusterObject } from './cluster-view.ts';

/**
 * Writes what the cluster said. An older version never overwrites a newer one, so replicas and the answers to our own
 * writes may come in any order.
 */
export async function upsertProjections(db: Connection, objects: readonly ClusterObject[]): Promise<void> {
  const rows = objects.flatMap((object) => {
    const consortium = consortiumOf(object);
    if (consortium === undefined) return [];
    return [
      {
        kind: object.kind,
        namespace: object.metadata.namespace ?? '',
        name: object.metadata.name,
        consortium,
        uid: object.metadata.uid ?? '',
        resource_version: object.metadata.resourceVersion ?? '0',
        object: JSON.stringify(object),
      },
    ];
  });
  if (rows.length === 0) return;
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

export async function deleteProjections(db: Connection, objects: readonly ClusterObject[]): Promise<void> {
  for (const object of objects) {
    await db
      .deleteFrom('projections')
      .where('kind', '=', object.kind)
      .where('namespace', '=', object.metadata.namespace ?? '')
      .where('name', '=', object.metadata.name)
      .where('uid', '=', object.metadata.uid ?? '')
      .execute();
  }
}

export const projectionsOf = async (db: Connection, consortia: readonly string[]): Promise<(ClusterObject & { consortium: string })[]> => {
  const rows = await db
    .selectFrom('projections')
    .select(['consortium', 'object'])
    .where('consortium', 'in', [...consortia])
    .orderBy('namespace')
    .orderBy('name')
    .execute();
  // The column holds what upsertProjections wrote.
  return rows.map((row) => ({ ...(row.object as ClusterObject), consortium: row.consortium }));
};

/** Deletes rows of objects that are gone: what a projector does after its watches have caught up. */
export async function deleteAllExcept(db: Connection, uids: readonly string[]): Promise<void> {
  await db.deleteFrom('projections').where((where) => where.not(where('uid', '=', sql<string>`any(${[...uids]}::text[])`))).execute();
}

export const findProjection = async (db: Connection, kind: string, uid: string): Promise<{ consortium: string; object: ClusterObject } | undefined> => {
  const row = await db.selectFrom('projections').select(['consortium', 'object']).where('kind', '=', kind).where('uid', '=', uid).executeTakeFirst();
  return row && { consortium: row.consortium, object: row.object as ClusterObject };
};
