import { z } from 'zod';
import { defineKind, immutable, setList, withRules, type ObjectOf } from '../define.ts';
import { applicationRole, mspId, shortName } from '../names.ts';
import { pem, reference, statusBase } from './shared.ts';

export const memberRoles = ['ordering', 'endorsing', 'observing'] as const;

const spec = z.strictObject({
  consortium: withRules(reference(shortName), immutable('the consortium')),
  mspId: withRules(mspId, immutable('the MSP id')),
  displayName: z.string().max(200).optional(),
  /** ordering: may run orderers. endorsing: its peers endorse. observing: reads, and does not count in policies. */
  roles: setList(z.array(z.enum(memberRoles)).min(1).max(3)),
  /** Who keeps the member's CA keys and its admin's key. */
  certificateAuthority: withRules(z.enum(['hosted']).default('hosted'), immutable('the kind of certificate authority')),
  /** Roles that contracts know and that this member's clients may act in; they go into certificates as gh.role. */
  applicationRoles: setList(z.array(applicationRole).max(20)).default([]),
});

const authority = z.strictObject({
  /** The self-signed root. */
  root: pem,
  /** The CA below it that signs leaves; it has no CAs below. */
  issuing: pem,
});

const status = z.strictObject({
  ...statusBase,
  /** Written by the certificate authority only. */
  certificateAuthority: z
    .strictObject({
      /** Roots of enrolment identities: what an MSP consists of. */
      signing: authority,
      /** Roots of TLS certificates. */
      tls: authority,
      /** Opens the admin endpoint of this member's orderers and nothing else. */
      adminEndpoint: z.strictObject({ root: pem }),
      /** The member's administrator, whose key signs what the member consented to. */
      admin: z.strictObject({ certificate: pem }),
    })
    .optional(),
  nodes: z.strictObject({ total: z.int(), ready: z.int() }).optional(),
});

export const member = defineKind({
  kind: 'Member',
  plural: 'members',
  shortNames: ['mbr'],
  description: 'One organisation in one consortium.',
  spec,
  status,
  columns: [
    { name: 'Consortium', type: 'string', jsonPath: '.spec.consortium.name' },
    { name: 'MSP', type: 'string', jsonPath: '.spec.mspId' },
    { name: 'Nodes', type: 'integer', jsonPath: '.status.nodes.ready' },
  ],
});
export type Member = ObjectOf<typeof member>;
