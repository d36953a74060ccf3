import type { Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import { requestsOf } from './observe.ts';

/** Something of the node is there, be it only the wish for a certificate: whatever lets others go first is over for it. */
export function hasBegun(informers: Pick<Informers, 'certificateRequests' | 'statefulSets'>, node: Node): boolean {
  const { name, namespace } = node.metadata;
  if ((node.status?.certificates ?? []).length > 0 || informers.statefulSets.get(namespace, name) !== undefined) return true;
  return Object.values(requestsOf(informers, node)).some((request) => request !== undefined);
}
