import { z } from 'zod';
import { defineKind, immutable, keyedList, setList, withRules, type ObjectOf } from '../define.ts';
import { channelName, sha256Digest, shortName } from '../names.ts';
import { reference, statusBase } from './shared.ts';

const nodes = (max: number): z.ZodArray<z.ZodString> => setList(z.array(shortName).max(max));

const spec = z.strictObject({
  channel: withRules(reference(channelName), immutable('the channel')),
  /** specDigest of the Channel's spec that the member agreed to. */
  channelDigest: sha256Digest,
  peers: nodes(50),
  orderers: nodes(15),
  /** Peers that other members' peers find first. Must be among `peers`. */
  anchorPeers: nodes(10),
});

const joined = z.strictObject({
  name: shortName,
  joined: z.boolean(),
});

const status = z.strictObject({
  ...statusBase,
  peers: keyedList(z.array(joined).max(50), 'name').optional(),
  orderers: keyedList(z.array(joined).max(15), 'name').optional(),
});

export const channelMembership = defineKind({
  kind: 'ChannelMembership',
  plural: 'channelmemberships',
  shortNames: ['chm'],
  description: "A member's consent to be in a channel, and with which nodes.",
  spec: withRules(spec, {
    rule: 'self.anchorPeers.all(a, a in self.peers)',
    message: 'each anchor peer must be one of the peers',
  }),
  status,
  columns: [{ name: 'Channel', type: 'string', jsonPath: '.spec.channel.name' }],
});
export type ChannelMembership = ObjectOf<typeof channelMembership>;
