import { applicationRole, bytes, channelName, contractName, contractVersion, memberRoles, mspId, processors, shortName, storageClassName } from '@guildhall/resources';
import { z } from 'zod';

/**
 * Text for people, in any script. Refused is what shows as something other than it is: control characters, marks that turn
 * the direction of what follows (U+061C, U+200E-200F, U+202A-202E, U+2066-2069), line separators, halves of surrogate pairs.
 */
const displayText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(text), 'use visible characters only: no control characters, no marks of direction');

export const nodeInput = z.strictObject({
  name: shortName,
  role: z.enum(['peer', 'orderer']),
  cpu: processors.optional(),
  memory: bytes.optional(),
  storage: bytes.optional(),
  storageClass: storageClassName.optional(),
});

export const memberInput = z.strictObject({
  name: shortName,
  mspId,
  displayName: displayText.optional(),
  roles: z.array(z.enum(memberRoles)).min(1).max(3).optional(),
  applicationRoles: z.array(applicationRole).max(20).transform((roles) => [...new Set(roles)]).default([]),
  nodes: z.array(nodeInput).max(20).default([]),
});

export const channelInput = z.strictObject({
  name: channelName,
  /** Members by name; left out: every member that runs a peer. */
  members: z.array(shortName).min(1).max(50).optional(),
  /** Orderers as member and node; left out: every orderer of the consortium. */
  orderers: z.array(z.strictObject({ member: shortName, node: shortName })).min(1).max(100).optional(),
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
  members: z.array(memberInput).min(1, 'a consortium has at least one member').max(50),
  channels: z.array(channelInput).max(20).default([]),
  contracts: z.array(contractInput).max(20).default([]),
});

export const deleteConsortiumInput = z.strictObject({
  name: shortName,
  /** The name again: what holds a ledger is not deleted by a slip. */
  confirmName: z.string().max(200).default(''),
  deleteData: z.boolean().default(false),
});

export type NodeInput = z.output<typeof nodeInput>;
export type MemberInput = z.output<typeof memberInput>;
export type ChannelInput = z.output<typeof channelInput>;
export type ContractInput = z.output<typeof contractInput>;
export type CreateConsortiumInput = z.output<typeof createConsortiumInput>;
