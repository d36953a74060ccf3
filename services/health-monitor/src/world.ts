import { namespaceOwner, type Channel, type Consortium, type Contract, type Member, type Node } from '@guildhall/resources';

/** What is known of all consortia. */
export interface World {
  consortia: readonly Consortium[];
  members: readonly Member[];
  nodes: readonly Node[];
  channels: readonly Channel[];
  contracts: readonly Contract[];
}
export type Kind = keyof World;

/** Whose it is; `member` is empty for what was agreed. */
export function ownerOf({ metadata: { namespace = '' } }: { metadata: { namespace?: string } }): { consortium: string; member: string } {
  const { consortium, member = '' } = namespaceOwner(namespace) ?? { consortium: namespace };
  return { consortium, member };
}

/** The Nodes that are to order a channel's transactions; undefined for one that is not there. */
export function orderersOf({ consortia, nodes }: World, { spec, metadata }: Channel): (Node | undefined)[] {
  const members = consortia.find((consortium) => consortium.metadata.namespace === metadata.namespace)?.spec.members ?? [];
  return spec.orderers.map(({ member, node }) => {
    const namespace = members.find(({ name }) => name === member)?.namespace;
    return nodes.find((each) => each.metadata.name === node && each.metadata.namespace === namespace && each.spec.role === 'orderer');
  });
}

export const isHealthy = (node: Node | undefined): boolean => node?.status?.health?.state === 'Healthy';
