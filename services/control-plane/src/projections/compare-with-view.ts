import { consortiumOf, type ClusterObject } from './cluster-view.ts';
import type { ProjectionKey } from './projection-repository.ts';

export interface Differences {
  /** Objects whose row is older. */
  behind: ClusterObject[];
  /** Objects without a row. Another replica may have taken it away, and its view be ahead of this one; only the cluster can say. */
  rowless: ClusterObject[];
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
  const rowless: ClusterObject[] = [];
  for (const object of objects) {
    if (consortiumOf(object) === undefined) continue;
    const { namespace = '', name, uid, resourceVersion = '0' } = object.metadata;
    const row = rowsByKey.get(keyOf({ kind: object.kind, namespace, name }));
    if (row === undefined) rowless.push(object);
    // A row of another uid is doubtful, and what takes its place is read together with the verdict on it.
    if (row?.uid !== uid || row === undefined) continue;
    const ahead = BigInt(row.resource_version) - BigInt(resourceVersion);
    if (ahead <= 0n) borneOut.add(row);
    if (ahead < 0n) behind.push(object);
  }
  return { behind, rowless, doubtful: rows.filter((row) => !borneOut.has(row)) };
}
