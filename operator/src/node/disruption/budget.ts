import type { Applied, PodDisruptionBudget } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import { selectorOf } from '../workload/stateful-set.ts';

/** Evictions of the node's one pod are allowed while it has the turn, and always when it is not ready. */
export const budget = ({ metadata: { name, namespace } }: Node, labels: Record<string, string>, isOpen: boolean): Applied<PodDisruptionBudget> => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
  spec: { maxUnavailable: isOpen ? 1 : 0, selector: { matchLabels: selectorOf(labels) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
});

/** As far as the cache knows; one that is not there yet keeps nobody from evicting the pod. */
export const isOpen = (found: PodDisruptionBudget | undefined): boolean => found === undefined || found.spec.maxUnavailable !== 0;
