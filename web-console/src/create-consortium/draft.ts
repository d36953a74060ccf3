export type PolicyChoice = 'majority' | 'all' | 'any' | 'own';
export type Placement = 'each' | 'founder' | 'own';

export interface MemberDraft {
  key: string;
  name: string;
  displayName: string;
  /** Empty: derived from the name. */
  mspId: string;
  peers: number;
  /** Of the placement "own". */
  orderers: number;
  applicationRoles: string[];
}

export interface ChannelDraft {
  key: string;
  name: string;
  /** Keys of members; undefined: every member that runs a peer. */
  members: string[] | undefined;
  endorsement: PolicyChoice;
  ownEndorsement: string;
  lifecycle: Exclude<PolicyChoice, 'own'>;
  /** Null: as the profile has it. */
  timeoutMs: number | null;
  maxMessages: number | null;
}

export interface ContractDraft {
  key: string;
  name: string;
  template: string;
  version: string;
  /** The key of its channel. */
  channel: string;
}

/** What a person has decided so far; everything else follows from it. */
export interface Draft {
  name: string;
  profile: 'sandbox' | 'production';
  placement: Placement;
  members: MemberDraft[];
  channels: ChannelDraft[];
  contracts: ContractDraft[];
  /** The number of the next key. */
  next: number;
}

/** Every contract of Guildhall's templates needs these of a member that takes part in setting it up. */
const usualRoles = ['admin', 'timekeeper'];

export const newMember = (key: string): MemberDraft => ({ key, name: '', displayName: '', mspId: '', peers: 1, orderers: 0, applicationRoles: usualRoles });

export const newChannel = (key: string, name: string): ChannelDraft => ({
  key,
  name,
  members: undefined,
  endorsement: 'majority',
  ownEndorsement: '',
  lifecycle: 'majority',
  timeoutMs: null,
  maxMessages: null,
});

/** Three members, one orderer each: the least that survives a loss. */
export const emptyDraft = (): Draft => ({
  name: '',
  profile: 'sandbox',
  placement: 'each',
  members: ['m1', 'm2', 'm3'].map(newMember),
  channels: [newChannel('c1', 'main')],
  contracts: [],
  next: 4,
});

const founderOrderers = 3;

/** How many orderers each member runs. */
export function orderersOf(draft: Pick<Draft, 'placement' | 'members'>): number[] {
  return draft.members.map((member, index) => {
    if (draft.placement === 'each') return 1;
    if (draft.placement === 'founder') return index === 0 ? founderOrderers : 0;
    return member.orderers;
  });
}

/** The same placement, counted out, so that it can be changed by hand. */
export const withOwnPlacement = (draft: Draft): Draft => {
  const counts = orderersOf(draft);
  return { ...draft, placement: 'own', members: draft.members.map((member, index) => ({ ...member, orderers: counts[index] ?? 0 })) };
};

/** Who is in a channel: members with a peer, all or those chosen. */
export const membersOf = (draft: Draft, channel: ChannelDraft): MemberDraft[] =>
  draft.members.filter((member) => (channel.members === undefined ? member.peers > 0 : channel.members.includes(member.key)));

const changed = <Item extends { key: string }>(items: readonly Item[], key: string, change: Partial<Item>): Item[] => items.map((item) => (item.key === key ? { ...item, ...change } : item));

export const changeMember = (draft: Draft, key: string, change: Partial<MemberDraft>): Draft => ({ ...draft, members: changed(draft.members, key, change) });
export const changeChannel = (draft: Draft, key: string, change: Partial<ChannelDraft>): Draft => ({ ...draft, channels: changed(draft.channels, key, change) });
export const changeContract = (draft: Draft, key: string, change: Partial<ContractDraft>): Draft => ({ ...draft, contracts: changed(draft.contracts, key, change) });

export const addMember = (draft: Draft): Draft => ({ ...draft, members: [...draft.members, newMember(`m${draft.next}`)], next: draft.next + 1 });
export const addChannel = (draft: Draft): Draft => ({ ...draft, channels: [...draft.channels, newChannel(`c${draft.next}`, '')], next: draft.next + 1 });

export const removeMember = (draft: Draft, key: string): Draft => ({
  ...draft,
  members: draft.members.filter((member) => member.key !== key),
  channels: draft.channels.map((channel) => (channel.members ? { ...channel, members: channel.members.filter((member) => member !== key) } : channel)),
});

/** What ran on it goes with it. */
export const removeChannel = (draft: Draft, key: string): Draft => ({
  ...draft,
  channels: draft.channels.filter((channel) => channel.key !== key),
  contracts: draft.contracts.filter((contract) => contract.channel !== key),
});

export function addContract(draft: Draft, template: { id: string; versions: readonly { version: string }[] }): Draft {
  const channel = draft.channels[0]?.key;
  if (channel === undefined) return draft;
  const contract = { key: `k${draft.next}`, name: template.id, template: template.id, version: template.versions.at(-1)?.version ?? '', channel };
  return { ...draft, contracts: [...draft.contracts, contract], next: draft.next + 1 };
}

export const removeContract = (draft: Draft, key: string): Draft => ({ ...draft, contracts: draft.contracts.filter((contract) => contract.key !== key) });
