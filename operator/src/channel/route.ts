import type { NodeEndpoint } from '@guildhall/fabric';
import { keyOf, refOf } from '@guildhall/kubernetes';
import type { Channel, Consortium, Member, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeEndpoint } from '../endpoints.ts';
import { admittedMembers } from '../references.ts';

/** The channel's orderers that answer, the leader first: others would only forward to it. */
export function ordererRoute({ informers, nodes }: Pick<OperatorContext, 'informers' | 'nodes'>, channel: Channel, consortium: Consortium): NodeEndpoint[] {
  const members = admittedMembers(informers, consortium);
  const found = channel.spec.orderers.flatMap(({ member, node }) => {
    const owner = members.get(member);
    const object = owner && informers.nodes.get(owner.metadata.namespace, node);
    const endpoint = owner && object && nodeEndpoint(object, owner);
    const shown = object && nodes.last(keyOf(refOf(object)))?.channels.find(({ name }) => name === channel.metadata.name);
    return endpoint === undefined || shown === undefined ? [] : [{ endpoint, leads: shown.leader === true }];
  });
  return found.toSorted((a, b) => Number(b.leads) - Number(a.leads)).map(({ endpoint }) => endpoint);
}

export interface ChannelPeer {
  node: Node;
  endpoint: NodeEndpoint;
}

/** Peers of these names that answer and are in the channel. */
export function joinedPeers({ informers, nodes }: Pick<OperatorContext, 'informers' | 'nodes'>, channel: string, member: Member, names: readonly string[]): ChannelPeer[] {
  return names.flatMap((name) => {
    const node = informers.nodes.get(member.metadata.namespace, name);
    const inspection = node && nodes.last(keyOf(refOf(node)));
    const endpoint = node && nodeEndpoint(node, member);
    const joined = inspection?.contact === 'answers' && inspection.channels.some((shown) => shown.name === channel);
    return node === undefined || endpoint === undefined || !joined ? [] : [{ node, endpoint }];
  });
}
