import { z } from 'zod';
import { defineKind, immutable, keyedList, withRules, type ObjectOf } from '../define.ts';
import { channelName, contractVersion, sha256Digest, shortName, systemContracts } from '../names.ts';
import { codeFields, oneCode } from './code.ts';
import { statusBase } from './shared.ts';

const spec = z.strictObject({
  /** A Channel in the same namespace. */
  channel: withRules(channelName, immutable('the channel')),
  version: contractVersion,
  ...codeFields,
  /** Fabric policy language; empty: the channel's endorsement policy. */
  endorsementPolicy: z.string().max(2000).default(''),
});

const memberProgress = z.strictObject({
  name: shortName,
  consented: z.boolean(),
  installed: z.boolean(),
  /** The code that the member's instance runs is the code that was agreed. */
  sameCode: z.boolean(),
  approved: z.boolean(),
  running: z.boolean(),
});

const status = z.strictObject({
  ...statusBase,
  label: z.string().max(120).optional(),
  packageId: z.string().max(200).optional(),
  /** What approvals are collected for; equals `committed.sequence` when nothing is pending. */
  sequence: z.int().optional(),
  committed: z
    .strictObject({
      sequence: z.int(),
      version: contractVersion,
      /** Of the code, be it an artifact or an image. */
      artifactDigest: sha256Digest.optional(),
      endorsementPolicy: z.string().max(2000),
    })
    .optional(),
  members: keyedList(z.array(memberProgress).max(50), 'name').optional(),
});

export const contract = defineKind({
  kind: 'Contract',
  plural: 'contracts',
  shortNames: ['ctr'],
  description: 'A contract that members of a channel agreed to run: its code and its endorsement policy.',
  spec: withRules(spec, oneCode),
  status,
  cleansUp: true,
  nameRule: {
    rule: `self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([a-z0-9]|-[a-z0-9])*$') && !(self.metadata.name in ${JSON.stringify(systemContracts)})`,
    message: `a contract name starts with a letter, has lower-case letters, digits and single "-", at most 40 characters, and is none of Fabric's own (${systemContracts.join(', ')})`,
  },
  columns: [
    { name: 'Channel', type: 'string', jsonPath: '.spec.channel' },
    { name: 'Version', type: 'string', jsonPath: '.spec.version' },
    { name: 'Sequence', type: 'integer', jsonPath: '.status.committed.sequence' },
  ],
});
export type Contract = ObjectOf<typeof contract>;
