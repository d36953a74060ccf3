import type { AgreedChannel, AgreedMember, AgreedOrderer } from '@guildhall/agreement';
import { partiesOfChannel, type Channel, type ChannelMembership, type Consortium, type Member, type Node } from '@guildhall/resources';
import { digestOf } from '../cluster/digests.ts';
import type { Informers } from '../cluster/informers.ts';
import { addressOf } from '../endpoints.ts';
import { waiting, type Outcome } from '../outcome.ts';

export type Consent = 'missing' | 'outdated' | 'given';

/** One member of a channel with what it brought. */
export interface Party {
  name: string;
  /** Undefined until the member's own object is there and the consortium names it. */
  member: Member | undefined;
  membership: ChannelMembership | undefined;
  consent: Consent;
  /** The peers that its consent names, as far as they exist. */
  peers: Node[];
}

export function partiesOf(informers: Pick<Informers, 'memberships' | 'nodes'>, channel: Channel, consortium: Consortium, members: ReadonlyMap<string, Member>): Party[] {
  const digest = digestOf(channel.spec);
  return partiesOfChannel(channel.spec).map((name) => {
    const namespace = consortium.spec.members.find((entry) => entry.name === name)?.namespace;
    const membership = namespace === undefined ? undefined : informers.memberships.get(namespace, channel.metadata.name);
    const given = membership?.metadata.deletionTimestamp === undefined ? membership : undefined;
    const peers = (given?.spec.peers ?? []).flatMap((peer) => informers.nodes.get(namespace, peer) ?? []);
    return { name, member: members.get(name), membership: given, consent: consentOf(given, channel, digest), peers };
  });
}

function consentOf(membership: ChannelMembership | undefined, channel: Channel, digest: string): Consent {
  if (membership === undefined || membership.spec.channel.namespace !== channel.metadata.namespace) return 'missing';
  return membership.spec.channelDigest === digest ? 'given' : 'outdated';
}

/** What the first block is made from, or what is still missing for it. */
export function gatherAgreement(informers: Pick<Informers, 'nodes'>, channel: Channel, consortium: Consortium, parties: readonly Party[]): { agreed: AgreedChannel } | { missing: Outcome } {
  const members = parties.map((party) => gatherMember(informers, party));
  const orderers = channel.spec.orderers.map(({ member, node }) => {
    const namespace = consortium.spec.members.find(({ name }) => name === member)?.namespace;
    return gatherOrderer(informers.nodes.get(namespace, node), member, node);
  });
  const missing = [...members, ...orderers].flatMap((each) => ('missing' in each ? each.missing : []));
  if (missing.length > 0) return { missing: waiting('WaitingForGenesis', `The first block needs ${missing.join(', ')}.`) };
  return {
    agreed: {
      name: channel.metadata.name,
      spec: channel.spec,
      profile: consortium.spec.profile,
      members: members.flatMap((each) => ('missing' in each ? [] : each)),
      orderers: orderers.flatMap((each) => ('missing' in each ? [] : each)),
    },
  };
}

interface Missing {
  missing: string[];
}

function gatherMember({ nodes }: Pick<Informers, 'nodes'>, { name, member, membership }: Party): AgreedMember | Missing {
  const authorities = member?.status?.certificateAuthority;
  if (member === undefined || authorities === undefined) return { missing: [`the roots of ${name}`] };
  const anchors = (membership?.spec.anchorPeers ?? []).map((peer) => {
    const node = nodes.get(member.metadata.namespace, peer);
    return { peer, address: node && addressOf(node) };
  });
  const unknown = anchors.filter(({ address }) => address === undefined);
  if (unknown.length > 0) return { missing: unknown.map(({ peer }) => `the address of peer ${name}/${peer}`) };
  return { name, mspId: member.spec.mspId, roles: member.spec.roles, authorities, anchorPeers: anchors.flatMap(({ address }) => address ?? []) };
}

function gatherOrderer(found: Node | undefined, member: string, node: string): AgreedOrderer | Missing {
  const address = found && addressOf(found);
  const tlsCertificate = found?.status?.certificates?.find(({ use }) => use === 'tls')?.pem;
  return address === undefined || tlsCertificate === undefined ? { missing: [`the address and certificate of orderer ${member}/${node}`] } : { member, node, address, tlsCertificate };
}
