import type { ObjectMeta } from '@guildhall/kubernetes';
import { namespaceOwner } from './group.ts';

/** Local: on this machine. ClusterDNS: within the cluster. NodePort: from outside, at a port of the cluster's machines. Gateway: from outside, through a gateway that goes by the name asked for. */
export const exposures = ['Local', 'ClusterDNS', 'NodePort', 'Gateway'] as const;
export type Exposure = (typeof exposures)[number];

export const isOutside = (exposure: Exposure): exposure is 'NodePort' | 'Gateway' => exposure === 'NodePort' || exposure === 'Gateway';

/** A node's name outside the cluster. Its member's and its consortium's namespace are in it, so no node can have the name of another one's. */
export function outsideHost({ name, namespace = '' }: Pick<ObjectMeta, 'name' | 'namespace'>, domain: string): string {
  const { consortium, member } = namespaceOwner(namespace) ?? {};
  if (consortium === undefined || member === undefined) throw new Error(`${namespace} is no namespace of a member`);
  return `${name}.${member}.${consortium}.${domain}`;
}
