import { consortiumOf, type ClusterObject } from './cluster-view.ts';
import type { ProjectionKey } from './projection-repository.ts';

export interface Differences {
  /** Objects whose row is missing, or older. */
  behind: ClusterObject[];
  /**
   * Rows that the view does not bear out: of an object that it does not have, or newer than it has. The object may be gone,
   * or the view behind our own write, or the cluster restored from a backup; only the cluster can say.
   */
  doubtful: ProjectionKey[];
}

const keyOf = (object: { kind: string; namespace: string; name: string }): string => `${object.kind}/${object.namespace}/${object.name}`;

export function compareWithView(rows: readonly ProjectionKey[], objects: readonly ClusterObject[]): Differences {
  const rowsByKey = new Map(rows.map((row) => [keyOf(row), row]));
  const borneOut = new Set<ProjectionKey>();
  const behind: ClusterObject[] = [];
  for (const object of objects) {
    if (consortiumOf(object) === undefined) continue;
    const { namespace = '', name, uid, resourceVersion = '0' } = object.metadata;
    const row = rowsByKey.get(keyOf({ kind: object.kind, namespace, name }));
    const ahead = row ? BigInt(row.resource_version) - BigInt(resourceVersion) : -1n;
    if (row?.uid === uid && row !== undefined && ahead <= 0n) borneOut.add(row);
    // A row of another uid is doubtful, and what takes its place is read together with the verdict on it.
    if (ahead < 0n && (row === undefined || row.uid === uid)) behind.push(object);
  }
  return { behind, doubtful: rows.filter((row) => !borneOut.has(row)) };
}
