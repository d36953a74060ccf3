import { z } from 'zod';
import { defineKind, immutable, setList, withRules, type ObjectOf } from '../define.ts';
import { applicationRole } from '../names.ts';
import { pem, statusBase, timestamp } from './shared.ts';

/** Of a client certificate that an application keeps. */
export const maxValidDays = 365;

const spec = z.strictObject({
  /** PKCS#10 in PEM. Only its public key is used; the subject follows from the Member and the object's name. */
  csr: pem,
  /** In which of the Member's applicationRoles the application may act. */
  roles: setList(z.array(applicationRole).max(20)).default([]),
  validDays: z.int().min(1).max(maxValidDays).default(90),
});

const status = z.strictObject({
  ...statusBase,
  /** The certificate, and the issuing CA after it. */
  certificate: pem.optional(),
  chain: pem.optional(),
  notAfter: timestamp.optional(),
});

/**
 * A kind of its own, and no profile of CertificateRequest: rules of access see kinds, not fields, and whoever may ask for the short-lived
 * certificates of nodes and gateways must not get one that lasts.
 */
export const clientIdentity = defineKind({
  kind: 'ClientIdentity',
  plural: 'clientidentities',
  shortNames: ['ghci'],
  description: "The member's consent to an application that acts in its name, and the application's certificate.",
  spec: withRules(spec, immutable('a client identity')),
  status,
  nameRule: {
    rule: `self.metadata.name.size() <= 40 && !self.metadata.name.matches('^(client|client-.*|guildhall-.*)$')`,
    message: 'a client identity has at most 40 characters, and no name that Guildhall gives its own clients (client, client-…, guildhall-…)',
  },
  columns: [
    { name: 'Roles', type: 'string', jsonPath: '.spec.roles' },
    { name: 'Expires', type: 'date', jsonPath: '.status.notAfter' },
  ],
});
export type ClientIdentity = ObjectOf<typeof clientIdentity>;
