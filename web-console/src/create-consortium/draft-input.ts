import type { ChannelInput, CreateConsortiumInput, MemberInput } from '../graphql/generated/graphql.ts';
import { orderersOf, type ChannelDraft, type Draft, type MemberDraft } from './draft.ts';
import { derivedMspId } from './names.ts';

const policies = { majority: 'MAJORITY Endorsement', all: 'ALL Endorsement', any: 'ANY Endorsement' } as const;

export const mspIdOf = (member: MemberDraft): string => (member.mspId === '' ? derivedMspId(member.name) : member.mspId);

const numbered = (role: 'peer' | 'orderer', count: number) => Array.from({ length: count }, (_, index) => ({ name: `${role}${index}`, role }));

function memberInput(member: MemberDraft, orderers: number): MemberInput {
  const displayName = member.displayName.trim();
  return {
    name: member.name,
    mspId: mspIdOf(member),
    ...(displayName === '' ? {} : { displayName }),
    applicationRoles: member.applicationRoles,
    nodes: [...numbered('peer', member.peers), ...numbered('orderer', orderers)],
  };
}

function channelInput(channel: ChannelDraft, draft: Draft): ChannelInput {
  const batch = { ...(channel.timeoutMs === null ? {} : { timeoutMs: channel.timeoutMs }), ...(channel.maxMessages === null ? {} : { maxMessages: channel.maxMessages }) };
  return {
    name: channel.name,
    ...(channel.members ? { members: draft.members.filter(({ key }) => channel.members?.includes(key)).map(({ name }) => name) } : {}),
    endorsementPolicy: channel.endorsement === 'own' ? channel.ownEndorsement : policies[channel.endorsement],
    lifecycleEndorsementPolicy: policies[channel.lifecycle],
    ...(Object.keys(batch).length > 0 ? { batch } : {}),
  };
}

/** What is asked of the API; items stand where they stand in the draft, so that a problem's path leads back to them. */
export function inputOf(draft: Draft): CreateConsortiumInput {
  const orderers = orderersOf(draft);
  return {
    name: draft.name,
    profile: draft.profile,
    members: draft.members.map((member, index) => memberInput(member, orderers[index] ?? 0)),
    channels: draft.channels.map((channel) => channelInput(channel, draft)),
    contracts: draft.contracts.map(({ name, template, version, channel }) => ({ name, template, version, channel: draft.channels.find(({ key }) => key === channel)?.name ?? '' })),
  };
}
