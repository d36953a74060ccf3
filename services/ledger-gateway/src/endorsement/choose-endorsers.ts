import { chooseMembers, isSatisfiableBy, printRule, type NodeEndpoint } from '@guildhall/fabric';
import type { ChannelView, MemberView } from '../directory/channel-view.ts';
import { TransactionError } from '../errors.ts';

export interface EndorserChoice {
  readonly view: ChannelView;
  /** The member that submits: its own peers come first, since it reads what it wrote there. */
  readonly member: string;
  /** Exactly these members endorse, when given. */
  readonly endorsingMembers?: readonly string[] | undefined;
  /** Addresses of peers that did not answer. */
  readonly down: ReadonlySet<string>;
}

/** The peers to ask: of the smallest set of members that satisfies the policy with the peers that are left. */
export function chooseEndorsers({ view, member, endorsingMembers, down }: EndorserChoice): readonly NodeEndpoint[] {
  const candidates = without(down, inOrder(view.members, member, endorsingMembers));
  const set = endorsingMembers === undefined ? smallestSet(view, candidates, down) : namedSet(view, candidates, endorsingMembers);
  const left = new Map(candidates.map(({ mspId, endorsers }) => [mspId, [...endorsers]]));
  return set.flatMap((mspId) => left.get(mspId)?.shift() ?? []);
}

function inOrder(members: readonly MemberView[], own: string, named: readonly string[] | undefined): readonly MemberView[] {
  const unknown = named?.find((name) => !members.some((member) => member.name === name));
  if (unknown !== undefined)
    throw new TransactionError(
      'INVALID_ARGUMENT',
      `endorsingMembers: ${unknown} is not a member of the channel; its members are ${members.map(({ name }) => name).join(', ')}.`,
    );
  const first = members.filter(({ name }) => name === own);
  const others = members.filter(({ name }) => name !== own);
  return [...first, ...others].filter(({ name }) => named === undefined || named.includes(name));
}

const without = (addresses: ReadonlySet<string>, members: readonly MemberView[]): readonly MemberView[] =>
  members.map((member) => ({ ...member, endorsers: member.endorsers.filter(({ address }) => !addresses.has(address)) }));

/** One MSP id for each of its peers that can be asked. */
const nodesOf = (members: readonly MemberView[]): readonly string[] =>
  members.flatMap(({ mspId, endorsers }) => endorsers.map(() => mspId));

function smallestSet(view: ChannelView, candidates: readonly MemberView[], down: ReadonlySet<string>): readonly string[] {
  // A peer that is said to be unwell may hang for as long as a call may take; what is said may also be out of date.
  for (const asked of [without(view.unwell, candidates), candidates]) {
    const nodes = nodesOf(asked);
    if (isSatisfiableBy(view.rule, nodes)) return chooseMembers(view.rule, nodes);
  }
  const gone = down.size === 0 ? '' : ` Not answering: ${[...down].join(', ')}.`;
  const there = candidates.filter(({ endorsers }) => endorsers.length > 0).map(({ name }) => name);
  throw new TransactionError(
    'NOT_ENDORSED',
    `The endorsement policy ${printRule(view.rule)} cannot be satisfied: ${there.length === 0 ? 'no member has' : `only ${there.join(', ')} ${there.length === 1 ? 'has' : 'have'}`} a peer that runs the contract.${gone}`,
  );
}

function namedSet(view: ChannelView, candidates: readonly MemberView[], names: readonly string[]): readonly string[] {
  const unable = candidates.find(({ endorsers }) => endorsers.length === 0);
  if (unable) throw new TransactionError('NOT_ENDORSED', `${unable.name} has no peer left that runs the contract.`);
  const mspIds = candidates.map(({ mspId }) => mspId);
  if (!isSatisfiableBy(view.rule, mspIds))
    throw new TransactionError(
      'INVALID_ARGUMENT',
      `endorsingMembers: ${names.join(', ')} do not satisfy the endorsement policy ${printRule(view.rule)}.`,
    );
  return mspIds;
}
