import type { AgreedChannel, AgreedMember, AgreedOrderer } from '@guildhall/agreement';
import { specDigest, type Channel, type ChannelMembership, type Consortium, type Member, type Node } from '@guildhall/resources';
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
  const digest = specDigest(channel.spec);
  return channel.spec.members.map(({ name }) => {
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
  const missing: string[] = [];
  const members: AgreedMember[] = [];
  const orderers: AgreedOrderer[] = [];
  for (const { name, member, membership } of parties) {
    const authorities = member?.status?.certificateAuthority;
    if (member === undefined || authorities === undefined) missing.push(`the roots of ${name}`);
    const anchorPeers = (membership?.spec.anchorPeers ?? []).flatMap((peer) => {
      const node = informers.nodes.get(member?.metadata.namespace, peer);
      const address = node && addressOf(node);
      if (address === undefined) missing.push(`the address of peer ${name}/${peer}`);
      return address ?? [];
    });
    if (member !== undefined && authorities !== undefined) members.push({ name, mspId: member.spec.mspId, roles: member.spec.roles, authorities, anchorPeers });
  }
  for (const { member, node } of channel.spec.orderers) {
    const found = informers.nodes.get(consortium.spec.members.find(({ name }) => name === member)?.namespace, node);
    const address = found && addressOf(found);
    const tlsCertificate = found?.status?.certificates?.find(({ use }) => use === 'tls')?.pem;
    if (address === undefined || tlsCertificate === undefined) missing.push(`the address and certificate of orderer ${member}/${node}`);
    else orderers.push({ member, node, address, tlsCertificate });
  }
  if (missing.length > 0) return { missing: waiting('WaitingForGenesis', `The first block needs ${missing.join(', ')}.`) };
  return { agreed: { name: channel.metadata.name, spec: channel.spec, profile: consortium.spec.profile, members, orderers } };
}
