import type { Problem } from '../errors.ts';
import type { ChannelInput, CreateConsortiumInput, MemberInput } from './consortium-input.ts';
import { channelPolicyProblems, contractPolicyProblems } from './policy-check.ts';

type NodeRole = MemberInput['nodes'][number]['role'];

/** A channel with everything that was left to defaults filled in. */
export interface ResolvedChannel extends Omit<ChannelInput, 'members' | 'orderers'> {
  members: string[];
  orderers: { member: string; node: string }[];
}

export interface Topology {
  channels: ResolvedChannel[];
  /** What is allowed but worth a second thought. */
  warnings: string[];
}

export const nodesOf = (member: MemberInput | undefined, role: NodeRole): string[] =>
  (member?.nodes ?? []).filter((node) => node.role === role).map((node) => node.name);

/** Roles follow from the nodes where they are not given. */
export function memberRolesOf(member: MemberInput): ('ordering' | 'endorsing' | 'observing')[] {
  if (member.roles) return [...new Set(member.roles)];
  const roles: ('ordering' | 'endorsing')[] = [];
  if (nodesOf(member, 'orderer').length > 0) roles.push('ordering');
  if (nodesOf(member, 'peer').length > 0 || roles.length === 0) roles.push('endorsing');
  return roles;
}

const invalid = (path: string, message: string, nextAction: string): Problem => ({ code: 'INVALID_INPUT', path, message, nextAction });

/** Problems of items that share a key although each needs its own; letter case does not tell apart. */
function duplicates<Item>(items: readonly Item[], path: string, field: string, keyOf: (item: Item) => string): Problem[] {
  const seen = new Map<string, number>();
  return items.flatMap((item, index) => {
    const key = keyOf(item).toLowerCase();
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, index);
      return [];
    }
    return [
      {
        code: 'DUPLICATE' as const,
        path: `${path}[${index}].${field}`,
        message: `${path}[${index}].${field}: "${keyOf(item)}" is already used by ${path}[${before}]`,
        nextAction: `give each of ${path} a ${field} of its own`,
      },
    ];
  });
}

function memberProblems(members: readonly MemberInput[]): Problem[] {
  return [
    ...duplicates(members, 'members', 'name', (member) => member.name),
    ...duplicates(members, 'members', 'mspId', (member) => member.mspId),
    ...members.flatMap((member, index) => [
      ...duplicates(member.nodes, `members[${index}].nodes`, 'name', (node) => node.name),
      ...roleProblems(member, index),
    ]),
  ];
}

function roleProblems(member: MemberInput, index: number): Problem[] {
  const roles = memberRolesOf(member);
  const problems: Problem[] = [];
  if (nodesOf(member, 'orderer').length > 0 && !roles.includes('ordering')) {
    problems.push(invalid(`members[${index}].roles`, `${member.name} runs orderers but does not have the role ordering`, 'add the role ordering, or leave out its orderers'));
  }
  if (nodesOf(member, 'peer').length > 0 && !roles.includes('endorsing') && !roles.includes('observing')) {
    problems.push(invalid(`members[${index}].roles`, `${member.name} runs peers but is neither endorsing nor observing`, 'add the role endorsing or observing, or leave out its peers'));
  }
  if (roles.includes('endorsing') && roles.includes('observing')) {
    problems.push(invalid(`members[${index}].roles`, `${member.name} cannot be endorsing and observing at once`, 'choose one of the two'));
  }
  if (roles.includes('observing')) {
    problems.push({ code: 'NOT_YET', path: `members[${index}].roles`, message: 'observing members are not there yet', nextAction: 'use the role endorsing' });
  }
  return problems;
}

function resolveChannel(channel: ChannelInput, members: readonly MemberInput[]): ResolvedChannel {
  return {
    ...channel,
    members: channel.members ?? members.filter((member) => nodesOf(member, 'peer').length > 0).map((member) => member.name),
    orderers: channel.orderers ?? members.flatMap((member) => nodesOf(member, 'orderer').map((node) => ({ member: member.name, node }))),
  };
}

function channelMemberProblems(channel: ResolvedChannel, path: string, byName: ReadonlyMap<string, MemberInput>): Problem[] {
  const problems: Problem[] = channel.members.flatMap((name, index) => {
    const member = byName.get(name);
    if (!member) return [invalid(`${path}.members[${index}]`, `${path}.members[${index}]: there is no member "${name}"`, 'name one of the members of this input')];
    if (nodesOf(member, 'peer').length === 0) {
      return [invalid(`${path}.members[${index}]`, `${name} has no peer, so it could hold no copy of the channel ${channel.name}`, `give ${name} a peer, or leave it out of the channel`)];
    }
    return [];
  });
  if (channel.members.length === 0) problems.push(invalid(`${path}.members`, `no member with a peer would be in the channel ${channel.name}`, 'give at least one member a peer'));
  if (new Set(channel.members).size < channel.members.length) problems.push(invalid(`${path}.members`, `a member is named twice in the channel ${channel.name}`, 'name each member once'));
  return problems;
}

function ordererProblems(channel: ResolvedChannel, path: string, byName: ReadonlyMap<string, MemberInput>): Problem[] {
  const problems: Problem[] = channel.orderers.flatMap(({ member, node }, index) =>
    nodesOf(byName.get(member), 'orderer').includes(node)
      ? []
      : [invalid(`${path}.orderers[${index}]`, `${path}.orderers[${index}]: ${member} has no orderer "${node}"`, "name a node with the role orderer of one of the members")],
  );
  if (channel.orderers.length === 0) problems.push(invalid(`${path}.orderers`, `nobody would order the transactions of the channel ${channel.name}`, 'give a member at least one node with the role orderer; three survive the loss of one'));
  const names = channel.orderers.map(({ member, node }) => `${member}/${node}`);
  if (new Set(names).size < names.length) problems.push(invalid(`${path}.orderers`, `an orderer is named twice in the channel ${channel.name}`, 'name each orderer once'));
  if (channel.orderers.length > 15) problems.push(invalid(`${path}.orderers`, `${channel.orderers.length} orderers would slow every transaction down`, 'use at most 15'));
  return problems;
}

function orderingWarnings(channel: ResolvedChannel): string[] {
  const count = channel.orderers.length;
  const survives = Math.ceil(count / 2) - 1;
  if (count === 1) return [`channel ${channel.name}: a single orderer survives no loss; three survive the loss of one`];
  if (count % 2 === 0) {
    return [`channel ${channel.name}: ${count} Raft orderers survive the loss of ${survives}, no more than ${count - 1} would, because a majority of ${count / 2 + 1} must be up; use an odd number`];
  }
  return [];
}

/** The MSP id of each peer in the channel. */
const peersOf = (channel: ResolvedChannel, byName: ReadonlyMap<string, MemberInput>): string[] =>
  channel.members.flatMap((name) => {
    const member = byName.get(name);
    return member ? nodesOf(member, 'peer').map(() => member.mspId) : [];
  });

function channelProblems(channel: ResolvedChannel, index: number, input: CreateConsortiumInput): Problem[] {
  const path = `channels[${index}]`;
  const byName = new Map(input.members.map((member) => [member.name, member]));
  if (channel.ordering === 'bft') {
    return [{ code: 'NOT_YET', path: `${path}.ordering`, message: `${path}.ordering: BFT ordering is not there yet`, nextAction: 'use raft' }];
  }
  const structural = [...channelMemberProblems(channel, path, byName), ...ordererProblems(channel, path, byName)];
  if (structural.length > 0) return structural;
  const batch = channel.batch ?? {};
  if (batch.preferredMaxBytes !== undefined && batch.absoluteMaxBytes !== undefined && batch.preferredMaxBytes > batch.absoluteMaxBytes) {
    structural.push(invalid(`${path}.batch.preferredMaxBytes`, 'the preferred size of a block is above its greatest size', 'lower preferredMaxBytes or raise absoluteMaxBytes'));
  }
  const peers = peersOf(channel, byName);
  return [
    ...structural,
    ...channelPolicyProblems(channel.endorsementPolicy, peers, `${path}.endorsementPolicy`),
    ...channelPolicyProblems(channel.lifecycleEndorsementPolicy, peers, `${path}.lifecycleEndorsementPolicy`),
  ];
}

function contractProblems(input: CreateConsortiumInput, channels: readonly ResolvedChannel[]): Problem[] {
  const byName = new Map(input.members.map((member) => [member.name, member]));
  return input.contracts.flatMap((contract, index) => {
    const path = `contracts[${index}]`;
    const channel = channels.find((candidate) => candidate.name === contract.channel);
    if (!channel) return [invalid(`${path}.channel`, `${path}.channel: there is no channel "${contract.channel}"`, 'name one of the channels of this input')];
    if (contract.endorsementPolicy === '') return [];
    const peers = peersOf(channel, byName);
    return contractPolicyProblems(contract.endorsementPolicy, peers, `${path}.endorsementPolicy`);
  });
}

/** Fills in what was left to defaults and says everything that is wrong with it at once. */
export function resolveTopology(input: CreateConsortiumInput): { topology: Topology; problems: Problem[] } {
  const channels = input.channels.map((channel) => resolveChannel(channel, input.members));
  const problems = [
    ...memberProblems(input.members),
    ...duplicates(input.channels, 'channels', 'name', (channel) => channel.name),
    ...duplicates(input.contracts, 'contracts', 'name', (contract) => contract.name),
    ...channels.flatMap((channel, index) => channelProblems(channel, index, input)),
    ...contractProblems(input, channels),
  ];
  return { topology: { channels, warnings: channels.flatMap(orderingWarnings) }, problems };
}
