import type { AgreedChannel, AgreedMember, AgreedOrderer } from '@guildhall/agreement';
import type { Address } from '@guildhall/fabric';
import { parseCertificatePem, PkiError, valuesOf, verifyChain } from '@guildhall/pki';
import {
  channelMembership,
  member as memberKind,
  node as nodeKind,
  partiesOfChannel,
  specDigest,
  type Channel,
  type ChannelMembership,
  type Consortium,
  type Node,
} from '@guildhall/resources';
import type { PublishedAuthorities } from '../authorities/member-authorities.ts';
import type { ChannelConsent, Reader } from './consent.ts';
import { refuse, waitFor } from './refusal.ts';

/** The authorities of a hosted member, from our own keeping: the copy in the Member's status could have been changed by others. */
export type FindAuthorities = (memberUid: string) => Promise<PublishedAuthorities | undefined>;

type ConsortiumEntry = Consortium['spec']['members'][number];

/** Everything that the channel's first configuration follows from, gathered from the members' own objects. */
export async function gatherChannel(
  reader: Reader,
  authorities: FindAuthorities,
  { consortium, channel }: ChannelConsent,
): Promise<AgreedChannel> {
  const entryOf = (name: string): ConsortiumEntry =>
    consortium.spec.members.find((entry) => entry.name === name) ??
    refuse('InvalidSpec', `Channel ${channel.metadata.name} names ${name}, which is not a member of the consortium`);
  const [members, nodes] = await Promise.all([
    Promise.all(partiesOfChannel(channel.spec).map((name) => gatherMember(reader, authorities, entryOf(name), { consortium, channel }))),
    Promise.all(channel.spec.orderers.map(({ member, node }) => readNode(reader, entryOf(member), node, 'orderer'))),
  ]);
  const orderers = channel.spec.orderers.map(({ member, node }, index): AgreedOrderer => {
    const found = nodes[index] ?? refuse('InvalidSpec', `there is no orderer ${node} of ${member}`);
    const tlsCertificate =
      found.status?.certificates?.find(({ use }) => use === 'tls')?.pem ??
      waitFor('WaitingForCertificate', `orderer ${node} of ${member} has no TLS certificate yet`);
    const owner = members.find(({ name }) => name === member) ?? refuse('InvalidSpec', `orderer ${node} is of ${member}, which is no party of the channel`);
    requireNodeCertificate(tlsCertificate, owner, node);
    return { member, node, address: addressOf(found, member), tlsCertificate };
  });
  return { name: channel.metadata.name, spec: channel.spec, profile: consortium.spec.profile, members, orderers };
}

async function gatherMember(
  reader: Reader,
  authorities: FindAuthorities,
  entry: ConsortiumEntry,
  { consortium, channel }: Pick<ChannelConsent, 'consortium' | 'channel'>,
): Promise<AgreedMember> {
  const { name, namespace, mspId } = entry;
  const [found, consent] = await Promise.all([
    reader.get(memberKind.type, { namespace, name }),
    reader.get(channelMembership.type, { namespace, name: channel.metadata.name }),
  ]);
  const member = found ?? waitFor('WaitingForMember', `member ${name} does not exist yet`);
  if (member.spec.mspId !== mspId)
    refuse('ReferenceNotAllowed', `the consortium knows member ${name} as ${mspId}, it calls itself ${member.spec.mspId}`);
  // Others may write the consortium's list; that a member belongs here, and with which roots, only its own object says.
  if (!isSame(member.spec.consortium, consortium))
    refuse('ReferenceNotAllowed', `the consortium names member ${name} of namespace ${namespace}, which belongs to another consortium`);
  const published =
    (await authorities(member.metadata.uid ?? '')) ??
    waitFor('WaitingForCertificateAuthority', `member ${name} has no certificate authorities yet`);
  // The first block names every member's anchor peers, so it cannot be made before all have said with which nodes they take part.
  if (consent === undefined || !consentsTo(consent, channel))
    return waitFor('WaitingForConsent', `member ${name} has not consented to channel ${channel.metadata.name} as it is`);
  const unnamed = channel.spec.orderers.find(({ member: owner, node }) => owner === name && !consent.spec.orderers.includes(node));
  if (unnamed !== undefined)
    waitFor('WaitingForConsent', `member ${name} has not consented to order channel ${channel.metadata.name} with its node ${unnamed.node}`);
  const anchorPeers = await Promise.all(
    consent.spec.anchorPeers.map(async (peer) => addressOf(await readNode(reader, entry, peer, 'peer'), name)),
  );
  return { name, mspId, roles: member.spec.roles, authorities: published, anchorPeers };
}

const isSame = (reference: { namespace: string; name: string }, { metadata }: Consortium | Channel): boolean =>
  reference.namespace === metadata.namespace && reference.name === metadata.name;

const consentsTo = ({ metadata, spec }: ChannelMembership, channel: Channel): boolean =>
  metadata.deletionTimestamp === undefined && isSame(spec.channel, channel) && spec.channelDigest === specDigest(channel.spec);

async function readNode(
  reader: Reader,
  { name: member, namespace }: ConsortiumEntry,
  name: string,
  role: Node['spec']['role'],
): Promise<Node> {
  const node =
    (await reader.get(nodeKind.type, { namespace, name })) ?? waitFor('WaitingForNode', `node ${name} of ${member} does not exist yet`);
  if (node.spec.member !== member || node.spec.role !== role)
    refuse('InvalidSpec', `node ${name} is not ${role === 'peer' ? 'a peer' : 'an orderer'} of ${member}`);
  return node;
}

function addressOf(node: Node, member: string): Address {
  const endpoint = node.status?.endpoint ?? waitFor('WaitingForAddress', `node ${node.metadata.name} of ${member} has no address yet`);
  const [, host, port] =
    /^([^:]+):(\d{1,5})$/.exec(endpoint) ??
    refuse('InvalidSpec', `node ${node.metadata.name} of ${member} has an address that is not host:port, ${endpoint}`);
  return { host: host ?? '', port: Number(port) };
}

/** A consenter's certificate opens the channel's ordering to its key: it must be the node's own, from the member's own TLS CA. */
function requireNodeCertificate(pem: string, { name, mspId, authorities }: AgreedMember, node: string): void {
  try {
    const certificate = parseCertificatePem(pem);
    verifyChain(certificate, {
      roots: [parseCertificatePem(authorities.tls.root)],
      intermediates: [parseCertificatePem(authorities.tls.issuing)],
      at: certificate.notBefore,
      usage: 'serverAuth',
    });
    const [organization, commonName] = [valuesOf(certificate.subject, 'O'), valuesOf(certificate.subject, 'CN')];
    if (organization.join() !== mspId || commonName.join() !== node)
      refuse('Denied', `the TLS certificate of orderer ${node} of ${name} is that of another node`);
  } catch (error) {
    if (error instanceof PkiError)
      refuse('Denied', `the TLS certificate of orderer ${node} of ${name} is not from that member's authority: ${error.message}`);
    throw error;
  }
}
