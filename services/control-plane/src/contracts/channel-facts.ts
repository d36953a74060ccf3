import type { Channel, ChannelMembership, Member } from '@guildhall/resources';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { findObject } from '../projections/find-object.ts';

export interface ChannelParty {
  name: string;
  mspId: string;
  peers: string[];
  /** It may endorse: its approval counts. */
  endorses: boolean;
}

export interface ChannelFacts {
  channel: Channel;
  members: ChannelParty[];
}

/** A channel and those who take part in it, with the peers that each has there now. */
export function channelFacts(objects: readonly ClusterObject[], name: string): ChannelFacts | undefined {
  const channel = findObject<Channel>(objects, 'Channel', name);
  if (!channel) return undefined;
  const members = channel.spec.members.flatMap((each) => {
    const member = findObject<Member>(objects, 'Member', each.name, each.name);
    const membership = findObject<ChannelMembership>(objects, 'ChannelMembership', name, each.name);
    return member && membership ? [{ name: each.name, mspId: member.spec.mspId, peers: membership.spec.peers, endorses: member.spec.roles.includes('endorsing') }] : [];
  });
  return { channel, members };
}
