import type { Channel, ChannelMembership, Contract, ContractInstallation, Member, Node } from '@guildhall/resources';
import { notFound } from '../errors.ts';
import { ownerOf, type ClusterObject } from '../projections/cluster-view.ts';
import { findObject } from '../projections/find-object.ts';

/** A channel as one of its members sees it. */
export interface MemberChannel {
  name: string;
  channel: Channel;
  membership: ChannelMembership;
  contracts: { contract: Contract; installation: ContractInstallation }[];
  /** The peers of all members in it. */
  peers: ChannelPeer[];
}

export interface ChannelPeer {
  member: string;
  mspId: string;
  name: string;
  /** It counts in endorsement policies. */
  endorses: boolean;
}

export const ofKind = <T extends ClusterObject>(objects: readonly ClusterObject[], kind: T['kind']): T[] => objects.filter((object): object is T => object.kind === kind);

export function memberNamed(objects: readonly ClusterObject[], name: string): Member {
  const member = findObject<Member>(objects, 'Member', name, name);
  if (!member) throw notFound('member', 'member');
  return member;
}

export function nodeNamed(objects: readonly ClusterObject[], member: string, name: string): Node {
  memberNamed(objects, member);
  const node = findObject<Node>(objects, 'Node', name, member);
  if (!node) throw notFound('node', 'name');
  return node;
}

/** The channels that a member takes part in, with its consents. One that it only orders for is not among them. */
export function channelsOfMember(objects: readonly ClusterObject[], member: string): MemberChannel[] {
  return ofKind<Channel>(objects, 'Channel').flatMap((channel) => {
    const { name } = channel.metadata;
    const membership = findObject<ChannelMembership>(objects, 'ChannelMembership', name, member);
    if (membership === undefined || !channel.spec.members.some((each) => each.name === member)) return [];
    const contracts = ofKind<Contract>(objects, 'Contract').flatMap((contract) => {
      const installation = contract.spec.channel === name ? findObject<ContractInstallation>(objects, 'ContractInstallation', contract.metadata.name, member) : undefined;
      return installation === undefined ? [] : [{ contract, installation }];
    });
    return [{ name, channel, membership, contracts, peers: peersOf(objects, channel) }];
  });
}

function peersOf(objects: readonly ClusterObject[], { metadata, spec }: Channel): ChannelPeer[] {
  return spec.members.flatMap(({ name: member }) => {
    const object = findObject<Member>(objects, 'Member', member, member);
    const peers = findObject<ChannelMembership>(objects, 'ChannelMembership', metadata.name, member)?.spec.peers ?? [];
    return object === undefined ? [] : peers.map((name) => ({ member, mspId: object.spec.mspId, name, endorses: object.spec.roles.includes('endorsing') }));
  });
}

/** It runs, answers and says that it is well: also one that waits for its turn to become another, which is not Ready. */
export const isWell = (node: Node | undefined): boolean => node !== undefined && node.metadata.deletionTimestamp === undefined && node.status?.health?.state === 'Healthy';

/** An orderer of a channel. */
export interface ChannelOrderer {
  member: string;
  node: string;
  object: Node | undefined;
}

/** The channels that count on a node to order, each with all its orderers. */
export const orderedBy = (objects: readonly ClusterObject[], member: string, node: string): { channel: Channel; orderers: ChannelOrderer[] }[] =>
  ofKind<Channel>(objects, 'Channel')
    .filter(({ spec }) => spec.orderers.some((each) => each.member === member && each.node === node))
    .map((channel) => ({ channel, orderers: channel.spec.orderers.map((each) => ({ ...each, object: findObject<Node>(objects, 'Node', each.node, each.member) })) }));

/** What of a member names the node as a peer. */
export const consentsWith = (objects: readonly ClusterObject[], member: string, peer: string): (ChannelMembership | ContractInstallation)[] =>
  [...ofKind<ChannelMembership>(objects, 'ChannelMembership'), ...ofKind<ContractInstallation>(objects, 'ContractInstallation')].filter(
    (object) => ownerOf(object)?.member === member && object.spec.peers.includes(peer),
  );
