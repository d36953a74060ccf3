import { policyInWords, parsePolicy } from '@guildhall/fabric/policy';
import { memoryMegabytes, type Channel, type Node } from '@guildhall/resources';
import type { DesiredObject } from './consortium-resources.ts';
import type { CreateConsortiumInput } from './consortium-input.ts';
import { nodesOf, type Topology } from './topology.ts';

export function estimatedMemoryMegabytes(input: CreateConsortiumInput, topology: Topology): number {
  const count = (role: 'peer' | 'orderer'): number => input.members.reduce((sum, member) => sum + nodesOf(member, role).length, 0);
  const instances = input.contracts.reduce(
    (sum, contract) => sum + (topology.channels.find((channel) => channel.name === contract.channel)?.members.length ?? 0),
    0,
  );
  return count('orderer') * memoryMegabytes.orderer + count('peer') * memoryMegabytes.peer + instances * memoryMegabytes.contractInstance;
}

/** What the plan amounts to, a sentence each. */
export function consequences(input: CreateConsortiumInput, topology: Topology): string[] {
  const sentences = [
    `${counted(input.members.length, 'member')}: ${input.members.map((member) => `${member.name} (${member.mspId})`).join(', ')}.`,
    `Guildhall keeps the members' certificate authorities and their administrators' keys, encrypted, and consents in their names; each consent is recorded as delegated.`,
  ];
  for (const channel of topology.channels) {
    const count = channel.orderers.length;
    const survives = Math.ceil(count / 2) - 1;
    sentences.push(
      `Channel ${channel.name}: ${channel.members.join(', ')}; ${counted(count, 'Raft orderer')}, which survive${count === 1 ? 's' : ''} the loss of ${survives}.`,
      `Channel ${channel.name}: a transaction needs ${policyInWords(parsePolicy(channel.endorsementPolicy))}.`,
      `Channel ${channel.name}: deploying or upgrading a contract needs ${policyInWords(parsePolicy(channel.lifecycleEndorsementPolicy))}.`,
    );
  }
  for (const { name, channel, endorsementPolicy } of input.contracts) {
    sentences.push(`Contract ${name} on ${channel}, installed and approved by every member of the channel.`);
    if (endorsementPolicy !== '') {
      const needed = policyInWords(parsePolicy(endorsementPolicy));
      sentences.push(`A transaction of ${name} needs ${needed}.`);
    }
  }
  sentences.push(`About ${estimatedMemoryMegabytes(input, topology)} MB of memory once it has worked a while.`);
  return sentences;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function channelInWords({ metadata, status }: Channel): string {
  return status?.height === undefined ? metadata.name : `${metadata.name} (${counted(status.height, 'block')})`;
}

/** What a deletion ends and what it loses, a sentence each. @param objects what there is of the consortium */
export function deletionConsequences(consortium: string, objects: readonly DesiredObject[], deleteData: boolean): string[] {
  const ofKind = <T extends DesiredObject>(kind: string): T[] => objects.filter((object): object is T => object.kind === kind);
  const nodes = ofKind<Node>('Node');
  const count = (role: 'peer' | 'orderer'): number => nodes.filter((node) => node.spec.role === role).length;
  const channels = ofKind<Channel>('Channel').map(channelInWords);
  const contracts = ofKind('Contract').map((contract) => contract.metadata.name);
  return [
    ...(nodes.length > 0 ? [`${counted(count('peer'), 'peer')} and ${counted(count('orderer'), 'orderer')} of ${consortium} stop.`] : []),
    ...(channels.length > 0 ? [`These channels end: ${channels.join(', ')}.`] : []),
    ...(contracts.length > 0 ? [`These contracts end: ${contracts.join(', ')}.`] : []),
    deleteData ? `The ledgers and keys of ${consortium} are deleted too. Nobody can bring them back.` : 'Data volumes and keys stay and hold the name, until they are deleted by name.',
  ];
}
