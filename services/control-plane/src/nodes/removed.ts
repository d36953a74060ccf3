import type { Node } from '@guildhall/resources';
import type { Problem } from '../errors.ts';
import { endorsedOn, canGive, inWords, lostWithout } from './endorsing.ts';
import type { ChannelPeer, MemberChannel, orderedBy } from './node-facts.ts';

/** A node that is to go, with what counts on it. */
export interface Removing {
  member: string;
  node: Node;
  /** The channels that it is a peer of. */
  channels: readonly MemberChannel[];
  /** The channels that it orders for. */
  orders: ReturnType<typeof orderedBy>;
  deleteData: boolean;
}

const isIt = ({ member, node }: Removing, peer: ChannelPeer): boolean => peer.member === member && peer.name === node.metadata.name;
const remaining = (removing: Removing, { membership }: MemberChannel): string[] => membership.spec.peers.filter((peer) => peer !== removing.node.metadata.name);

/** Why it cannot go. */
export const removeProblems = (removing: Removing): Problem[] => [...ordererProblems(removing), ...removing.channels.flatMap((channel) => peerProblems(removing, channel))];

function ordererProblems({ member, node, orders }: Removing): Problem[] {
  if (orders.length === 0) return [];
  const names = orders.map(({ channel }) => channel.metadata.name).join(', ');
  return [
    {
      code: 'NOT_YET',
      path: 'name',
      message: `name: ${member}/${node.metadata.name} is a consenter of ${names}: to take it out, the configuration of a running channel has to be changed, which Guildhall does not do yet; stopped without that, it would count as down for ever`,
      nextAction: 'leave it; restartNode starts it again when it does not work',
    },
  ];
}

function peerProblems(removing: Removing, channel: MemberChannel): Problem[] {
  const { member, node } = removing;
  const { name } = node.metadata;
  if (remaining(removing, channel).length === 0) {
    const message = `name: ${name} is the only peer of ${member} in channel ${channel.name}: ${member} would have no copy of the ledger, and could neither endorse nor approve`;
    return [{ code: 'CONFLICT', path: 'name', message, nextAction: `add another peer of ${member} to channel ${channel.name} first` }];
  }
  if (channel.membership.spec.anchorPeers.includes(name)) {
    const message = `name: ${name} is the anchor peer of ${member} in channel ${channel.name}: the others find ${member} by its address, which stands in the channel's configuration, and that cannot be changed yet`;
    return [{ code: 'NOT_YET', path: 'name', message, nextAction: `remove another peer of ${member}; anchor peers follow when the configuration of a running channel can be changed` }];
  }
  return lostWithout(channel, (peer) => isIt(removing, peer)).map(({ what, policy }) => ({
    code: 'CONFLICT',
    path: 'name',
    message: `name: on channel ${channel.name} ${what} needs ${inWords(policy)}, which the peers that stay cannot give`,
    nextAction: `add another peer of ${member} first, or change the policy`,
  }));
}

const listed = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`);

/** What goes and what stays, a sentence each. */
export function removeConsequences(removing: Removing): string[] {
  const { member, node, channels, deleteData } = removing;
  const { name } = node.metadata;
  const contracts = channels.flatMap((channel) => channel.contracts.filter(({ installation }) => installation.spec.peers.includes(name)).map(({ contract }) => contract.metadata.name));
  return [
    `${node.spec.role === 'peer' ? 'Peer' : 'Orderer'} ${name} of ${member} stops, for good.`,
    ...channels.map((channel) => {
      const height = channel.channel.status?.height;
      return `It leaves channel ${channel.name}${height === undefined ? '' : ` (${height} ${height === 1 ? 'block' : 'blocks'})`}; ${member} keeps ${listed(remaining(removing, channel))} there, with the same ledger.`;
    }),
    ...(contracts.length === 0 ? [] : [`${listed(contracts)} ${contracts.length === 1 ? 'is' : 'are'} no longer called through it; ${member} goes on to run ${contracts.length === 1 ? 'it' : 'them'}.`]),
    'Orderers, anchor peers and policies stay as they are.',
    deleteData
      ? 'Its volume and its keys are deleted too. Nobody can bring them back; a new peer of this name is another one.'
      : 'Its volume and keys stay, and nobody uses them: a peer that is added under this name again comes back with them.',
  ];
}

/** What becomes less sure without it. */
export const removeWarnings = (removing: Removing): string[] =>
  removing.channels.flatMap((channel) => {
    const left = remaining(removing, channel);
    if (left.length !== 1) return [];
    const others = channel.peers.filter(({ member }) => member !== removing.member);
    const needing = endorsedOn(channel).filter(({ policy }) => canGive(policy, channel.peers, channel.peers) && !canGive(policy, channel.peers, others)).map(({ what }) => what);
    const refused = needing.length === 0 ? '' : `, and nobody can have ${listed(needing)}`;
    return [`${removing.member} then has one peer in channel ${channel.name}: while ${left[0] ?? ''} is down, ${removing.member} can neither endorse nor read there${refused}`];
  });
