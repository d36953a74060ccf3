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
  all(kind: string): Promise<ClusterObject[]>;
  ofConsortium(consortium: string, kind: string): Promise<ClusterObject[]>;
}

export function createClusterReader(client: Pick<KubernetesClient, 'get' | 'list'>): ClusterReader {
  const all = async (kind: string): Promise<ClusterObject[]> => {
    const type = typeOf(kind);
    return type ? (await client.list(type)).items : [];
  };
  return {
    get: async ({ kind, ...ref }) => {
      const type = typeOf(kind);
      return type && client.get(type, ref);
    },
    all,
    ofConsortium: async (consortium, kind) => (await all(kind)).filter((object) => consortiumOf(object) === consortium),
  };
}
