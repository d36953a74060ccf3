import { z } from 'zod';
import { defineKind, immutable, keyedList, withRules, type ObjectOf } from '../define.ts';
import { shortName } from '../names.ts';
import { endpoint, statusBase } from './shared.ts';

export const maxConsenters = 15;

/** Whose consent a channel needs: those who take part in its ledger, and those who order its transactions. */
export const partiesOfChannel = (spec: Pick<Channel['spec'], 'members' | 'orderers'>): string[] => [
  ...new Set([...spec.members.map(({ name }) => name), ...spec.orderers.map(({ member }) => member)]),
];

const consenter = z.strictObject({ member: shortName, node: shortName });

/** Values left out come from the consortium's profile. */
const batch = z.strictObject({
  timeoutMs: z.int().min(1).max(60_000).optional(),
  maxMessages: z.int().min(1).max(10_000).optional(),
  /** Fabric recommends at most 49 MB for Raft. */
  absoluteMaxBytes: z.int().min(1024).max(49 * 1024 * 1024).optional(),
  preferredMaxBytes: z.int().min(1024).max(49 * 1024 * 1024).optional(),
});

const spec = z.strictObject({
  /** Who takes part in the ledger and counts in its policies. A member that only orders is not among them. */
  members: withRules(
    keyedList(z.array(z.strictObject({ name: shortName })).min(1).max(50), 'name'),
    immutable('the list of members'),
  ),
  /** The consenters: nodes that order this channel's transactions. */
  orderers: withRules(
    keyedList(z.array(consenter).min(1).max(maxConsenters), 'member', 'node'),
    immutable('the list of orderers'),
  ),
  ordering: withRules(
    z.strictObject({
      type: z.enum(['raft']).default('raft'),
      batch: batch.optional(),
      tickMs: z.int().min(10).max(10_000).optional(),
    }),
    immutable('ordering'),
  ).default({ type: 'raft' }),
  policies: withRules(
    z.strictObject({
      /** Fabric policy language: "MAJORITY Endorsement" or "OR('AcmeMSP.peer')". */
      endorsement: z.string().max(2000).default('MAJORITY Endorsement'),
      lifecycleEndorsement: z.string().max(2000).default('MAJORITY Endorsement'),
    }),
    immutable('policies'),
  ).default({ endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' }),
});

const memberProgress = z.strictObject({
  name: shortName,
  consented: z.boolean(),
  peers: z.int(),
  peersJoined: z.int(),
  height: z.int().optional(),
});

const consenterProgress = z.strictObject({
  member: shortName,
  node: shortName,
  endpoint: endpoint.optional(),
  joined: z.boolean(),
  height: z.int().optional(),
});

const status = z.strictObject({
  ...statusBase,
  height: z.int().optional(),
  configSequence: z.int().optional(),
  /** sha256 of the first block; the block itself is in the ConfigMap `channel-<name>`, key `genesis.block`. */
  genesisDigest: z.string().max(80).optional(),
  /** `member/node` of the orderer that leads. */
  leader: z.string().max(100).optional(),
  consenters: keyedList(z.array(consenterProgress).max(maxConsenters), 'member', 'node').optional(),
  members: keyedList(z.array(memberProgress).max(50), 'name').optional(),
});

export const channel = defineKind({
  kind: 'Channel',
  plural: 'channels',
  shortNames: ['chan'],
  description: 'A ledger within a consortium, shared by some of its members.',
  spec,
  status,
  cleansUp: true,
  nameRule: {
    rule: `self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]')`,
    message: 'a channel name starts with a letter and has at most 40 characters, as Fabric wants it',
  },
  columns: [
    { name: 'Height', type: 'integer', jsonPath: '.status.height' },
    { name: 'Leader', type: 'string', jsonPath: '.status.leader' },
  ],
});
export type Channel = ObjectOf<typeof channel>;
