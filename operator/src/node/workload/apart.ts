import type { Affinity } from '@guildhall/kubernetes';
import { labels as labelNames, type Node } from '@guildhall/resources';

type Term = NonNullable<NonNullable<Affinity['podAntiAffinity']>['preferredDuringSchedulingIgnoredDuringExecution']>[number];

/** One machine is lost more often than one zone. */
const places = [{ topologyKey: 'kubernetes.io/hostname', weight: 100 }, { topologyKey: 'topology.kubernetes.io/zone', weight: 50 }];

/**
 * Orderers of a consortium, wherever their members keep them, and peers of a member are to be lost one by one. A wish only: with fewer machines than
 * nodes they all run.
 */
export function apart({ spec: { role } }: Node, labels: Record<string, string>): Affinity {
  const alike: string[] = role === 'orderer' ? [labelNames.consortium, labelNames.component] : [labelNames.consortium, labelNames.member, labelNames.component];
  const labelSelector = { matchLabels: Object.fromEntries(Object.entries(labels).filter(([name]) => alike.includes(name))) };
  // Without that label the operator may not work in a namespace.
  const everywhere = role === 'orderer' ? { namespaceSelector: { matchLabels: { [labelNames.managedBy]: 'guildhall' } } } : {};
  const wish = ({ topologyKey, weight }: (typeof places)[number]): Term => ({ weight, podAffinityTerm: { topologyKey, labelSelector, ...everywhere } });
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: places.map(wish) } };
}
