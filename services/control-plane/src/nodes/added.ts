import { memoryMegabytes, type Member, type Node } from '@guildhall/resources';
import type { Problem } from '../errors.ts';
import { volumeConsequences } from '../consortia/volume-consequences.ts';
import { isReady } from '../projections/conditions.ts';
import type { MemberChannel } from './node-facts.ts';
import type { AddNodeInput } from './node-input.ts';

const maxNodes = 20;

/** What a new peer is made from, as far as the consortium has it. */
export interface Adding {
  input: AddNodeInput;
  member: Member;
  /** Nodes of the member. */
  nodes: readonly Node[];
  /** All channels that the member takes part in. */
  channels: readonly MemberChannel[];
  /** A node of this name was removed, and its volume and keys were not. */
  wasKept: boolean;
}

/** Why an orderer cannot be one of them. */
export const ordererNotYet: Problem = {
  code: 'NOT_YET',
  path: 'role',
  message: 'role: an orderer cannot be added to a running consortium yet: to order for a channel it must become one of its consenters, which changes the channel’s configuration',
  nextAction: 'add a peer; orderers follow when the configuration of a running channel can be changed',
};

/** The channels that are wished for, and what is wrong with the wish. */
export function chosenChannels({ input, channels }: Pick<Adding, 'input' | 'channels'>): { chosen: MemberChannel[]; problems: Problem[] } {
  const { channels: wanted, member } = input;
  if (wanted === undefined) return { chosen: [...channels], problems: [] };
  const problems = wanted.flatMap((name, index): Problem[] => {
    const path = `channels[${index}]`;
    if (wanted.indexOf(name) < index) return [{ code: 'DUPLICATE', path, message: `${path}: "${name}" is named twice`, nextAction: 'name each channel once' }];
    if (channels.some((channel) => channel.name === name)) return [];
    const there = channels.map((channel) => channel.name).join(', ');
    return [{ code: 'INVALID_INPUT', path, message: `${path}: ${member} does not take part in a channel "${name}"`, nextAction: there === '' ? 'leave the list empty' : `name some of ${there}` }];
  });
  return { chosen: channels.filter(({ name }) => wanted.includes(name)), problems };
}

export function addProblems({ input, member, nodes }: Adding): Problem[] {
  const { name } = input;
  const standing = nodes.find(({ metadata }) => metadata.name === name);
  if (standing !== undefined) {
    const leaving = standing.metadata.deletionTimestamp !== undefined;
    return [{ code: leaving ? 'CONFLICT' : 'DUPLICATE', path: 'name', message: `name: ${member.metadata.name} has a node "${name}" ${leaving ? 'that is being removed' : 'already'}`, nextAction: leaving ? 'wait until it is gone' : 'choose another name' }];
  }
  const problems: Problem[] = [];
  if (!member.spec.roles.some((role) => role === 'endorsing' || role === 'observing')) {
    problems.push({ code: 'CONFLICT', path: 'member', message: `member: ${member.metadata.name} has the role ordering alone, and for peers it must be endorsing`, nextAction: 'name another member' });
  }
  if (nodes.length >= maxNodes) {
    problems.push({ code: 'CONFLICT', path: 'member', message: `member: ${member.metadata.name} has ${nodes.length} nodes, and a member has ${maxNodes} at most`, nextAction: 'remove one that is not needed' });
  }
  return problems;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What comes of it, a sentence each. */
export function addConsequences({ input, member, wasKept }: Adding, chosen: readonly MemberChannel[], node: Node): string[] {
  const { name } = input;
  const who = member.metadata.name;
  const contracts = chosen.flatMap((channel) => channel.contracts.map(({ contract }) => contract.metadata.name));
  return [
    wasKept
      ? `${who} had a peer ${name} whose data was kept when it was removed: it comes back with its keys and its ledger, and copies what it lacks.`
      : `${who} gets a peer ${name}, with keys and a volume of its own.`,
    ...(wasKept ? [] : volumeConsequences([node])),
    ...chosen.map(({ name: channel, channel: { status }, membership }) => {
      const peers = membership.spec.peers.length + 1;
      const copies = status?.height === undefined ? 'its blocks' : counted(status.height, 'block');
      return `It joins channel ${channel} and copies ${copies}; ${who} then has ${counted(peers, 'peer')} there, and while one is down ${peers === 2 ? 'the other' : 'the others'} can endorse and read for it.`;
    }),
    ...(contracts.length === 0 ? [] : [`${contracts.join(', ')} ${contracts.length === 1 ? 'is' : 'are'} installed on it; the instance that ${who} runs already serves it too.`]),
    ...(chosen.length === 0 ? [] : [`Policies, anchor peers and orderers stay as they are. Guildhall consents in the name of ${who}; each consent is recorded as delegated.`]),
    `About ${memoryMegabytes.peer} MB of memory once it has worked a while.`,
  ];
}

export const addWarnings = ({ input, wasKept }: Adding, chosen: readonly MemberChannel[]): string[] => [
  ...(wasKept && input.storageClass !== undefined ? [`its volume was kept and stays of its storage class: ${input.storageClass} would count for a new one only`] : []),
  ...(chosen.length === 0
    ? ['it is in no channel, so it holds no ledger; to be in one it must be removed and added again']
    : chosen.filter(({ channel }) => !isReady(channel)).map(({ name }) => `channel ${name} is not ready now: the peer joins as soon as it can`)),
];
