import type { KubernetesClient, ResourceType } from '@guildhall/kubernetes';
import { consortiumOf, projectedKinds, type ClusterObject } from './cluster-view.ts';

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

/** The type of a kind of ours; undefined for a kind that there is no longer. */
export const typeOf = (kind: string): ResourceType<ClusterObject> | undefined =>
  projectedKinds.find((candidate) => candidate.type.kind === kind)?.type;

/**
 * Asks the cluster itself. For what must not be decided by a view that may be behind, or that has seen nothing yet:
 * that something is not there.
 */
export interface ClusterReader {
  get(ref: ObjectRef): Promise<ClusterObject | undefined>;
  ofConsortium(consortium: string, kind: string): Promise<ClusterObject[]>;
}

export const createClusterReader = (client: Pick<KubernetesClient, 'get' | 'list'>): ClusterReader => ({
  get: async ({ kind, ...ref }) => {
    const type = typeOf(kind);
    return type && client.get(type, ref);
  },
  ofConsortium: async (consortium, kind) => {
    const type = typeOf(kind);
    if (!type) return [];
    const { items } = await client.list(type);
    return items.filter((object) => consortiumOf(object) === consortium);
  },
});
