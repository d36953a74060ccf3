import { parsePolicy, resolveImplicitMeta, signedByRole, type NodeEndpoint, type SignatureRule } from '@guildhall/fabric';
import type { Channel, ChannelMembership, Contract, ContractInstallation, Member, Node } from '@guildhall/resources';
import { TransactionError } from '../errors.ts';

/** What the resources of one member say about a channel and, where one is asked for, a contract. */
export interface MemberFacts {
  readonly name: string;
  readonly namespace: string;
  readonly member: Member | undefined;
  readonly nodes: readonly Node[];
  readonly membership: ChannelMembership | undefined;
  readonly installation: ContractInstallation | undefined;
}

export interface LedgerFacts {
  readonly channel: Channel;
  readonly members: readonly MemberFacts[];
}

export interface ChannelFacts extends LedgerFacts {
  readonly contract: Contract;
}

/** One member of a channel and how to reach it. */
export interface MemberView {
  readonly name: string;
  readonly namespace: string;
  readonly mspId: string;
  /** PEM of the CA that issues its identities: another one, another member, though the name be the same. */
  readonly issuer: string;
  /** Its peers count in endorsement policies. */
  readonly endorsing: boolean;
  readonly applicationRoles: readonly string[];
  /** Its peers in the channel, the healthy ones first. */
  readonly peers: readonly NodeEndpoint[];
  /** Those of them that run the contract. */
  readonly endorsers: readonly NodeEndpoint[];
}

/** Where the ledger of a channel is read, whether there is a contract or not. */
export interface LedgerView {
  readonly channel: string;
  /** One for each channel that there ever was: one that is deleted and made again under the same name is another. */
  readonly key: string;
  readonly members: readonly MemberView[];
  /** Addresses of nodes that are said to be unwell: asked when there is nobody else. */
  readonly unwell: ReadonlySet<string>;
}

/** Where a transaction of a contract goes. */
export interface ChannelView extends LedgerView {
  /** The healthy ones first, the leader before all. */
  readonly orderers: readonly NodeEndpoint[];
  /** Who must endorse. */
  readonly rule: SignatureRule;
}

/** The view that follows from the resources; throws NOT_READY for what is agreed but not there yet. */
export function channelView({ channel, contract, members }: ChannelFacts): ChannelView {
  const name = channel.metadata.name;
  if (contract.spec.channel !== name)
    throw new TransactionError('NOT_FOUND', `Contract ${contract.metadata.name} is on channel ${contract.spec.channel}, not on ${name}.`);
  const { committed } = contract.status ?? {};
  if (committed === undefined)
    throw new TransactionError('NOT_READY', `Contract ${contract.metadata.name} is not committed on channel ${name} yet.`);
  const ledger = ledgerView({ channel, members });
  const orderers = orderersOf(channel, members);
  if (orderers.length === 0) throw new TransactionError('NOT_READY', `No orderer of channel ${name} has an address yet.`);
  return { ...ledger, orderers, rule: endorsementRule(committed.endorsementPolicy, channel, ledger.members) };
}

export function ledgerView({ channel, members }: LedgerFacts): LedgerView {
  const { name, namespace, uid } = channel.metadata;
  const participants = new Set(channel.spec.members.map((member) => member.name));
  return {
    channel: name,
    key: `${namespace}/${name}/${uid}`,
    members: members.filter((facts) => participants.has(facts.name)).map(memberView),
    unwell: new Set(
      members.flatMap(({ nodes }) => nodes.filter((node) => unhealthiness(node) > 0).map(({ status }) => status?.endpoint ?? '')),
    ),
  };
}

function memberView({ name, namespace, member, nodes, membership, installation }: MemberFacts): MemberView {
  const tlsRoots = tlsRootsOf(member);
  const mspId = member?.spec.mspId ?? '';
  const peersNamed = (names: readonly string[]): readonly NodeEndpoint[] =>
    byHealth(nodes.filter(({ metadata, spec }) => spec.role === 'peer' && names.includes(metadata.name))).flatMap(({ status }) =>
      status?.endpoint === undefined || tlsRoots.length === 0 ? [] : [{ address: status.endpoint, tlsRoots, mspId }],
    );
  const joined = membership?.spec.peers ?? [];
  return {
    name,
    namespace,
    mspId,
    issuer: member?.status?.certificateAuthority?.signing.issuing ?? '',
    endorsing: member?.spec.roles.includes('endorsing') ?? false,
    applicationRoles: member?.spec.applicationRoles ?? [],
    peers: peersNamed(joined),
    endorsers: peersNamed(joined.filter((peer) => installation?.spec.peers.includes(peer))),
  };
}

function orderersOf(channel: Channel, members: readonly MemberFacts[]): readonly NodeEndpoint[] {
  const known = channel.spec.orderers.flatMap(({ member, node }) => {
    const facts = members.find(({ name }) => name === member);
    const found = facts?.nodes.find(({ metadata }) => metadata.name === node);
    const tlsRoots = tlsRootsOf(facts?.member);
    if (!found?.status?.endpoint || tlsRoots.length === 0) return [];
    const endpoint: NodeEndpoint = { address: found.status.endpoint, tlsRoots, mspId: facts?.member?.spec.mspId ?? '' };
    return [{ endpoint, rank: 2 * unhealthiness(found) + (channel.status?.leader === `${member}/${node}` ? 0 : 1) }];
  });
  return known.toSorted((a, b) => a.rank - b.rank).map(({ endpoint }) => endpoint);
}

/** An implicit rule counts the members that endorse; observers do not count. */
function endorsementRule(ofContract: string, channel: Channel, members: readonly MemberView[]): SignatureRule {
  const text = ofContract.trim() === '' ? channel.spec.policies.endorsement : ofContract;
  const policy = parsePolicy(text);
  if (policy.kind === 'signature') return policy.rule;
  return resolveImplicitMeta(
    policy,
    members.filter(({ endorsing }) => endorsing).map(({ mspId }) => signedByRole(mspId, 'peer')),
  );
}

/** The issuing CA too, for a server that shows its own certificate only. */
function tlsRootsOf(member: Member | undefined): readonly string[] {
  const tls = member?.status?.certificateAuthority?.tls;
  return tls === undefined ? [] : [tls.root, tls.issuing];
}

const unhealthiness = ({ status }: Node): number => (status?.health?.state === undefined || status.health.state === 'Healthy' ? 0 : 1);
const byHealth = (nodes: readonly Node[]): readonly Node[] => nodes.toSorted((a, b) => unhealthiness(a) - unhealthiness(b));
