import { channelMembership, contractInstallation, node as nodeKind, type ChannelMembership, type ContractInstallation, type Node } from '@guildhall/resources';
import { objectBuilder, type DesiredObject } from '../consortia/consortium-resources.ts';
import { nodeSpec, type NodeDefaults } from '../consortia/node-spec.ts';
import type { Kept } from './node-history.ts';
import type { AddNodeInput } from './node-input.ts';

export type Consent = ChannelMembership | ContractInstallation;

/** Where a node is, by names. */
export interface NodeAddress {
  consortium: string;
  member: string;
  name: string;
}

/** @param kept what is there of a node of this name: its volume stays of its class, whatever is wished for now, and as large where nothing is wished for */
export function newNode(input: AddNodeInput, defaults: NodeDefaults, kept?: Kept): Node {
  const { member, name, consortium } = input;
  const build = objectBuilder(consortium).inMember(member);
  if (kept?.storage === undefined) return build(nodeKind, name, nodeSpec(member, input, defaults));
  const { size, className } = kept.storage;
  return build(nodeKind, name, nodeSpec(member, { ...input, storage: input.storage ?? size, storageClass: className }, { ...defaults, storageClass: className }));
}

/** The consent as it stands, with this peer or without it. What else it says is not ours to change. */
export function consentWith(consent: Consent, address: NodeAddress): DesiredObject {
  return withPeers(consent, address, [...new Set([...consent.spec.peers, address.name])]);
}

export function consentWithout(consent: Consent, address: NodeAddress): DesiredObject {
  return withPeers(consent, address, consent.spec.peers.filter((peer) => peer !== address.name));
}

function withPeers(consent: Consent, { consortium, member }: NodeAddress, peers: string[]): DesiredObject {
  const build = objectBuilder(consortium).inMember(member);
  const { name } = consent.metadata;
  return isMembership(consent) ? build(channelMembership, name, { ...consent.spec, peers }) : build(contractInstallation, name, { ...consent.spec, peers });
}

const isMembership = (consent: Consent): consent is ChannelMembership => consent.kind === 'ChannelMembership';
export const isConsent = (object: DesiredObject): object is Consent => object.kind === 'ChannelMembership' || object.kind === 'ContractInstallation';
