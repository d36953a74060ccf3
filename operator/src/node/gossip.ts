import type { Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import { addressesOf } from './workload/service.ts';

/** Where a peer's gossip starts. `pending`: it starts from another peer, whose address is not known yet. */
export interface GossipStart {
  endpoint?: string;
  pending: boolean;
}

const variable = 'CORE_PEER_GOSSIP_BOOTSTRAP';

/**
 * From the member's first peer, which starts from itself. What a running peer was once given stays, so that adding or removing
 * one peer restarts no other.
 */
export function gossipStart(informers: Pick<Informers, 'nodes' | 'services' | 'statefulSets'>, node: Node): GossipStart {
  if (node.spec.role !== 'peer') return { pending: false };
  const { name, namespace } = node.metadata;
  const given = informers.statefulSets.get(namespace, name)?.spec.template.spec.containers[0]?.env?.find((each) => each.name === variable)?.value;
  if (given !== undefined) return { endpoint: given, pending: false };
  const age = (one: Node): string => `${one.metadata.creationTimestamp ?? ''} ${one.metadata.name}`;
  const [first] = informers.nodes
    .list(namespace)
    .filter((other) => other.spec.role === 'peer' && other.metadata.deletionTimestamp === undefined && age(other) < age(node))
    .toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
  if (first === undefined) return { pending: false };
  const endpoint = addressesOf(first, informers.services.get(namespace, first.metadata.name))?.endpoint;
  return endpoint === undefined ? { pending: true } : { endpoint, pending: false };
}
