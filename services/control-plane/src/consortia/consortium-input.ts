import { applicationRole, channelName, contractName, contractVersion, memberRoles, mspId, shortName } from '@guildhall/resources';
import { z } from 'zod';

const quantity = z.string().max(20).regex(/^[1-9][0-9]*(m|Ki|Mi|Gi|Ti)?$/, 'a quantity such as 500m, 512Mi or 10Gi');

export const nodeInput = z.strictObject({
  name: shortName,
  role: z.enum(['peer', 'orderer']),
  cpu: quantity.optional(),
  memory: quantity.optional(),
  storage: quantity.optional(),
});

export const memberInput = z.strictObject({
  name: shortName,
  mspId,
  displayName: z.string().trim().min(1).max(200).optional(),
  roles: z.array(z.enum(memberRoles)).min(1).max(3).optional(),
  applicationRoles: z.array(applicationRole).max(20).default([]),
  nodes: z.array(nodeInput).max(20).default([]),
});

export const channelInput = z.strictObject({
  name: channelName,
  /** Members by name; left out: every member that runs a peer. */
  members: z.array(shortName).min(1).max(50).optional(),
  /** Orderers as member and node; left out: every orderer of the consortium. */
  orderers: z.array(z.strictObject({ member: shortName, node: shortName })).min(1).optional(),
  ordering: z.enum(['raft', 'bft']).default('raft'),
  batch: z
    .strictObject({
      timeoutMs: z.int().min(1).max(60_000).optional(),
      maxMessages: z.int().min(1).max(10_000).optional(),
      absoluteMaxBytes: z.int().min(1024).max(49 * 1024 * 1024).optional(),
      preferredMaxBytes: z.int().min(1024).max(49 * 1024 * 1024).optional(),
    })
    .optional(),
  tickMs: z.int().min(10).max(10_000).optional(),
  endorsementPolicy: z.string().min(1).max(2000).default('MAJORITY Endorsement'),
  lifecycleEndorsementPolicy: z.string().min(1).max(2000).default('MAJORITY Endorsement'),
});

export const contractInput = z.strictObject({
  name: contractName,
  channel: channelName,
  template: z.string().max(40),
  /** A version of the template; left out: its first. */
  version: contractVersion.optional(),
  /** Left out: the channel's. */
  endorsementPolicy: z.string().max(2000).default(''),
});

export const createConsortiumInput = z.strictObject({
  name: shortName,
  profile: z.enum(['sandbox', 'production']).default('sandbox'),
  members: z.array(memberInput).min(1).max(50),
  channels: z.array(channelInput).max(20).default([]),
  contracts: z.array(contractInput).max(20).default([]),
});

export type MemberInput = z.output<typeof memberInput>;
export type ChannelInput = z.output<typeof channelInput>;
export type ContractInput = z.output<typeof contractInput>;
export type CreateConsortiumInput = z.output<typeof createConsortiumInput>;
