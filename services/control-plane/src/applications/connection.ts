import type { ConnectedMember, Connection, ReachableNode } from '@guildhall/fabric/connection-profile';
import { parseCertificatePem } from '@guildhall/pki';
import { partiesOfChannel, type Channel, type ChannelMembership, type Member, type Node } from '@guildhall/resources';
import { ApiProblem, notFound } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { findObject } from '../projections/find-object.ts';

/** The longest says most: it is good from everywhere in the cluster. */
function hostNameOf({ status }: Node): string | undefined {
  const pem = status?.certificates?.find(({ use }) => use === 'tls')?.pem;
  if (pem === undefined) return undefined;
  const names = parseCertificatePem(pem).extensions.subjectAlternativeNames.filter(({ type }) => type === 'dns');
  return names.map(({ value }) => value).toSorted((a, b) => b.length - a.length)[0];
}

const isUnwell = ({ status }: Node): number => (status?.health?.state === undefined || status.health.state === 'Healthy' ? 0 : 1);

/** Those of these nodes that have an address, the healthy ones first. */
const reachable = (nodes: readonly (Node | undefined)[]): ReachableNode[] =>
  nodes
    .flatMap((node) => node ?? [])
    .toSorted((a, b) => isUnwell(a) - isUnwell(b))
    .flatMap((node) => {
      const { externalEndpoint, endpoint } = node.status ?? {};
      if (externalEndpoint !== undefined) return [{ name: node.metadata.name, address: externalEndpoint, hostName: externalEndpoint.replace(/:\d+$/, '') }];
      return endpoint === undefined ? [] : [{ name: node.metadata.name, address: endpoint, hostName: hostNameOf(node) }];
    });

function connectedMember(objects: readonly ClusterObject[], channel: Channel, name: string): ConnectedMember[] {
  const member = findObject<Member>(objects, 'Member', name, name);
  const tlsRoot = member?.status?.certificateAuthority?.tls.root;
  if (!member || tlsRoot === undefined) return [];
  const nodeOf = (role: 'peer' | 'orderer') => (node: string): Node | undefined => {
    const found = findObject<Node>(objects, 'Node', node, name);
    return found?.spec.role === role ? found : undefined;
  };
  const takesPart = channel.spec.members.some((each) => each.name === name);
  const peers = takesPart ? (findObject<ChannelMembership>(objects, 'ChannelMembership', channel.metadata.name, name)?.spec.peers ?? []) : [];
  const orderers = channel.spec.orderers.filter((each) => each.member === name).map(({ node }) => node);
  return [
    {
      name,
      mspId: member.spec.mspId,
      tlsRoot,
      endorsing: takesPart && member.spec.roles.includes('endorsing'),
      peers: reachable(peers.map(nodeOf('peer'))),
      orderers: reachable(orderers.map(nodeOf('orderer'))),
    },
  ];
}

/** How applications of a member reach a channel, as its objects are now. */
export function connectionOf(objects: readonly ClusterObject[], asked: { consortium: string; member: string; channel: string }): Connection {
  if (!findObject(objects, 'Member', asked.member, asked.member)) throw notFound('member', 'member');
  const channel = findObject<Channel>(objects, 'Channel', asked.channel);
  if (!channel) throw notFound('channel', 'channel');
  if (!channel.spec.members.some(({ name }) => name === asked.member)) {
    throw new ApiProblem({ code: 'CONFLICT', path: 'member', message: `member: ${asked.member} takes no part in the channel ${asked.channel}`, nextAction: `choose one of ${channel.spec.members.map(({ name }) => name).join(', ')}` });
  }
  const members = partiesOfChannel(channel.spec).flatMap((name) => connectedMember(objects, channel, name));
  const client = members.find(({ name }) => name === asked.member);
  if (!client || client.peers.length === 0 || members.every(({ orderers }) => orderers.length === 0)) {
    throw new ApiProblem({ code: 'CONFLICT', message: `no peer of ${asked.member} or no orderer of ${asked.channel} has an address yet`, nextAction: 'wait until the channel is ready, and ask again' });
  }
  return { consortium: asked.consortium, channel: asked.channel, client, members };
}
