import { membersOf, orderersOf, type ChannelDraft, type ContractDraft, type Draft, type MemberDraft } from './draft.ts';
import { mspIdOf } from './draft-input.ts';
import { isApplicationRole, isChannelName, isContractName, isDisplayName, isMspId, isShortName } from './names.ts';

export type ProblemKey = 'required' | 'shortName' | 'mspId' | 'displayName' | 'channelName' | 'contractName' | 'role' | 'duplicate' | 'noOrderer' | 'tooManyOrderers' | 'noMember' | 'noPeer' | 'noNode' | 'noChannel';

/** @param path as the API would name it */
export interface DraftProblem {
  path: string;
  key: ProblemKey;
}

const maxOrderers = 15;

const named = (path: string, name: string, isName: (text: string) => boolean, key: ProblemKey): DraftProblem[] => {
  if (name === '') return [{ path, key: 'required' }];
  return isName(name) ? [] : [{ path, key }];
};

/** Letter case does not tell apart. */
function duplicates<Item>(items: readonly Item[], path: string, field: string, of: (item: Item) => string): DraftProblem[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const text = of(item).toLowerCase();
    if (text === '' || !seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [{ path: `${path}[${index}].${field}`, key: 'duplicate' as const }];
  });
}

function memberProblems(member: MemberDraft, orderers: number, path: string): DraftProblem[] {
  return [
    ...named(`${path}.name`, member.name, isShortName, 'shortName'),
    ...(member.mspId === '' || isMspId(mspIdOf(member)) ? [] : [{ path: `${path}.mspId`, key: 'mspId' as const }]),
    ...(isDisplayName(member.displayName) ? [] : [{ path: `${path}.displayName`, key: 'displayName' as const }]),
    ...(member.applicationRoles.every(isApplicationRole) ? [] : [{ path: `${path}.applicationRoles`, key: 'role' as const }]),
    ...(member.peers + orderers === 0 ? [{ path: `${path}.nodes`, key: 'noNode' as const }] : []),
  ];
}

function channelProblems(draft: Draft, channel: ChannelDraft, path: string): DraftProblem[] {
  const members = membersOf(draft, channel);
  return [
    ...named(`${path}.name`, channel.name, isChannelName, 'channelName'),
    ...(members.length === 0 ? [{ path: `${path}.members`, key: 'noMember' as const }] : []),
    ...(members.some(({ peers }) => peers === 0) ? [{ path: `${path}.members`, key: 'noPeer' as const }] : []),
    ...(channel.endorsement === 'own' && channel.ownEndorsement.trim() === '' ? [{ path: `${path}.endorsementPolicy`, key: 'required' as const }] : []),
  ];
}

function contractProblems(draft: Draft, contract: ContractDraft, path: string): DraftProblem[] {
  return [
    ...named(`${path}.name`, contract.name, isContractName, 'contractName'),
    ...(draft.channels.some(({ key }) => key === contract.channel) ? [] : [{ path: `${path}.channel`, key: 'noChannel' as const }]),
  ];
}

function orderingProblems(orderers: readonly number[], channels: readonly ChannelDraft[]): DraftProblem[] {
  const all = orderers.reduce((sum, count) => sum + count, 0);
  if (channels.length === 0) return [];
  if (all === 0) return [{ path: 'channels[0].orderers', key: 'noOrderer' }];
  return all > maxOrderers ? [{ path: 'channels[0].orderers', key: 'tooManyOrderers' }] : [];
}

/** What can be said to be wrong before the API is asked. The API has the last word. */
export function problemsOfDraft(draft: Draft): DraftProblem[] {
  const orderers = orderersOf(draft);
  return [
    ...named('name', draft.name, isShortName, 'shortName'),
    ...(draft.members.length === 0 ? [{ path: 'members', key: 'noMember' as const }] : []),
    ...draft.members.flatMap((member, index) => memberProblems(member, orderers[index] ?? 0, `members[${index}]`)),
    ...duplicates(draft.members, 'members', 'name', ({ name }) => name),
    ...duplicates(draft.members, 'members', 'mspId', mspIdOf),
    ...orderingProblems(orderers, draft.channels),
    ...draft.channels.flatMap((channel, index) => channelProblems(draft, channel, `channels[${index}]`)),
    ...duplicates(draft.channels, 'channels', 'name', ({ name }) => name),
    ...draft.contracts.flatMap((contract, index) => contractProblems(draft, contract, `contracts[${index}]`)),
    ...duplicates(draft.contracts, 'contracts', 'name', (contract) => `${contract.channel} ${contract.name}`),
  ];
}
