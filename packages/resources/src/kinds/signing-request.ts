import { z } from 'zod';
import { defineKind, immutable, withRules, type ObjectOf } from '../define.ts';
import { sha256Digest } from '../names.ts';
import { pem, statusBase, timestamp } from './shared.ts';

/**
 * What a member's administrator may be asked to sign. A proposal and the transaction made from its endorsements are
 * signed one after the other, each over its own bytes.
 */
export const signingPurposes = ['join-channel', 'install-contract', 'approve-proposal', 'approve-transaction'] as const;
export type SigningPurpose = (typeof signingPurposes)[number];

const spec = z.strictObject({
  purpose: z.enum(signingPurposes),
  /** The member's own decision that these bytes carry out, in the same namespace. */
  intent: z.strictObject({
    kind: z.enum(['ChannelMembership', 'ContractInstallation']),
    name: z.string().max(63),
    uid: z.string().max(64),
    generation: z.int().min(1),
    /** specDigest of the intent's spec. */
    digest: sha256Digest,
  }),
  /** The bytes to sign, base64; at most 1 MiB of them. Fabric refuses proposals older than 15 minutes. */
  message: z.string().max(1_400_000),
});

const status = z.strictObject({
  ...statusBase,
  /** DER ECDSA, low-S, base64. */
  signature: z.string().max(200).optional(),
  /** The identity that signed. */
  certificate: pem.optional(),
  signedAt: timestamp.optional(),
});

export const signingRequest = defineKind({
  kind: 'SigningRequest',
  plural: 'signingrequests',
  shortNames: ['ghsr'],
  description: "Asks for the signature of the member's administrator under a decision of the member.",
  spec: withRules(spec, immutable('a signing request')),
  status,
  columns: [
    { name: 'Purpose', type: 'string', jsonPath: '.spec.purpose' },
    { name: 'Intent', type: 'string', jsonPath: '.spec.intent.name' },
  ],
});
export type SigningRequest = ObjectOf<typeof signingRequest>;
