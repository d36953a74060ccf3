import { podDisruptionBudgets, type Applied, type KubernetesClient, type PodDisruptionBudget } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import { selectorOf } from '../workload/selector.ts';

/** Evictions of the node's one pod are allowed while it has the turn, and always when it is not ready. */
export const budget = ({ metadata: { name, namespace } }: Node, labels: Record<string, string>, opens: boolean): Applied<PodDisruptionBudget> => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
  spec: { maxUnavailable: opens ? 1 : 0, selector: { matchLabels: selectorOf(labels) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
});

/** One that is not there yet keeps nobody from evicting the pod. */
export const isOpen = (found: PodDisruptionBudget | undefined): boolean => found === undefined || found.spec.maxUnavailable !== 0;

/**
 * Whether the API server has none that is open. One that is open is closed, and counts as open until it is asked about again: who has just been evicted by it
 * is in no cache yet.
 */
export async function hasClosed(client: Pick<KubernetesClient, 'get' | 'mergePatch'>, ref: { namespace: string; name: string }): Promise<boolean> {
  const found = await client.get(podDisruptionBudgets, ref);
  if (found === undefined || !isOpen(found)) return true;
  await client.mergePatch(podDisruptionBudgets, ref, { spec: { maxUnavailable: 0 } });
  return false;
}
