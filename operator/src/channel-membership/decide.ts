import { partiesOfChannel, type Channel, type ChannelMembership, type Consortium, type Node } from '@guildhall/resources';
import { digestOf } from '../cluster/digests.ts';
import { ready, stalled, waiting, type Outcome } from '../outcome.ts';
import type { Companions } from './companions.ts';

export interface JoiningNode {
  name: string;
  node: Node | undefined;
  joined: boolean;
  /** It can be asked to join: its endpoints answer. */
  answers: boolean;
}

export interface MembershipObserved {
  membership: ChannelMembership;
  memberName: string;
  consortium: Consortium;
  channel: Channel | undefined;
  block: Uint8Array | undefined;
  /** `host:port` of the anchor peers that the channel was made with for this member. */
  anchors: readonly string[] | undefined;
  peers: readonly JoiningNode[];
  orderers: readonly JoiningNode[];
  /** Orderers of the channel, of any member, that this member's are to join together with, and for how long they may yet be waited for. */
  companions: Companions;
}

/** Who is to be asked to join now, and how things stand when that is done. */
export interface MembershipPlan {
  peers: string[];
  orderers: string[];
  outcome: Outcome;
}

export function decideMembership(observed: MembershipObserved): MembershipPlan {
  const nothing = { peers: [], orderers: [] };
  const refused = notAllowed(observed) ?? unfit(observed);
  if (refused !== undefined) return { ...nothing, outcome: refused };
  const absent = [...observed.peers, ...observed.orderers].filter(({ node }) => node === undefined);
  if (observed.block === undefined) return { ...nothing, outcome: waiting('WaitingForGenesis', "The channel's first block is not made yet: it waits until all members have consented and their nodes have addresses.") };
  const { silent, waitMs } = observed.companions;
  const outside = (nodes: readonly JoiningNode[]): JoiningNode[] => nodes.filter(({ joined, node }) => !joined && node !== undefined);
  const plan = {
    // A peer's join needs a signature, which can be asked for before the peer answers; before it has begun that would keep others waiting.
    peers: outside(observed.peers).filter(({ node }) => (node?.status?.certificates ?? []).length > 0).map(({ name }) => name),
    orderers: silent.length > 0 ? [] : outside(observed.orderers).filter(({ answers }) => answers).map(({ name }) => name),
  };
  if (absent.length > 0) return { ...plan, outcome: waiting('WaitingForNode', `There is no Node ${absent.map(({ name }) => name).join(', ')} in this namespace yet.`, silent.length > 0 ? waitMs : undefined) };
  if (silent.length > 0 && outside(observed.orderers).length > 0) return { ...plan, outcome: waiting('WaitingForNode', `The channel's first orderers join together: waiting for ${silent.join(', ')}.`, waitMs) };
  const left = [...outside(observed.orderers), ...outside(observed.peers)];
  if (left.length > 0) return { ...plan, outcome: waiting('WaitingForJoin', `Nodes are joining: ${left.map(({ name, answers }) => (answers ? `${name} joins` : `${name} does not answer yet`)).join(', ')}.`) };
  return { ...plan, outcome: ready(`${observed.orderers.length} orderers and ${observed.peers.length} peers of the member are in channel ${observed.membership.spec.channel.name}.`) };
}

function notAllowed({ membership, memberName, consortium, channel }: MembershipObserved): Outcome | undefined {
  const { spec, metadata } = membership;
  if (spec.channel.namespace !== consortium.metadata.namespace) {
    return stalled('ReferenceNotAllowed', `Channel ${spec.channel.namespace}/${spec.channel.name} is not of this member's consortium, ${consortium.metadata.name}.`);
  }
  if (metadata.name !== spec.channel.name) return stalled('InvalidSpec', `A ChannelMembership has the name of its channel: ${spec.channel.name}, not ${metadata.name}.`);
  if (channel === undefined) return waiting('WaitingForReference', `Channel ${spec.channel.namespace}/${spec.channel.name} does not exist yet.`);
  if (!partiesOfChannel(channel.spec).includes(memberName)) return stalled('ReferenceNotAllowed', `Channel ${channel.metadata.name} does not name member ${memberName}.`);
  const digest = digestOf(channel.spec);
  if (spec.channelDigest !== digest) {
    return stalled('ConsentOutdated', `The member consented to a version of channel ${channel.metadata.name} with digest ${spec.channelDigest}; it now has ${digest}. Consent again.`);
  }
  return undefined;
}

function unfit({ membership, memberName, channel, anchors, peers, orderers }: MembershipObserved): Outcome | undefined {
  const { spec } = membership;
  const stranger = spec.anchorPeers.find((anchor) => !spec.peers.includes(anchor));
  if (stranger !== undefined) return stalled('InvalidSpec', `Anchor peer ${stranger} is not among the peers.`);
  const wrong = [...peers.map((each) => ({ ...each, role: 'peer' })), ...orderers.map((each) => ({ ...each, role: 'orderer' }))].find(
    ({ node, role }) => node !== undefined && (node.spec.role !== role || node.spec.member !== memberName),
  );
  if (wrong !== undefined) return stalled('InvalidSpec', `Node ${wrong.name} is ${wrong.node?.spec.role ?? ''} of ${wrong.node?.spec.member ?? ''}; here it is named as ${wrong.role} of ${memberName}.`);
  if (spec.peers.length > 0 && channel?.spec.members.some(({ name }) => name === memberName) === false) {
    return stalled('InvalidSpec', `Channel ${channel.metadata.name} counts on ${memberName} for orderers only, so peers of it cannot be in the channel. Empty spec.peers.`);
  }
  const unnamed = channel?.spec.orderers.find(({ member, node }) => member === memberName && !spec.orderers.includes(node));
  if (unnamed !== undefined) return stalled('InvalidSpec', `The channel counts on orderer ${unnamed.node}, which this consent does not name. Add it to spec.orderers, or agree on another channel.`);
  return otherAnchors(spec.anchorPeers, anchors, peers);
}

/** Anchor peers stand in the channel's configuration, which is what it was made with. */
function otherAnchors(wanted: readonly string[], agreed: readonly string[] | undefined, peers: readonly JoiningNode[]): Outcome | undefined {
  const addresses = wanted.map((name) => peers.find((peer) => peer.name === name)?.node?.status?.endpoint);
  if (agreed === undefined || addresses.includes(undefined)) return undefined;
  if (addresses.length === agreed.length && addresses.every((address) => address !== undefined && agreed.includes(address))) return undefined;
  const names = agreed.map((address) => peers.find(({ node }) => node?.status?.endpoint === address)?.name ?? address);
  return stalled('InvalidSpec', `The channel was made with ${names.length === 0 ? 'no anchor peers' : `the anchor peers ${names.join(', ')}`} of this member, and a running channel cannot be changed yet. Put spec.anchorPeers back.`);
}
