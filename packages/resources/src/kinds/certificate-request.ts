import { z } from 'zod';
import { defineKind, immutable, withRules, type ObjectOf } from '../define.ts';
import { applicationRole, shortName } from '../names.ts';
import { pem, statusBase, timestamp } from './shared.ts';

/**
 * What a certificate may be asked for. None of these yields an administrator: that key is made by the certificate
 * authority, or held by the member.
 * - peer, orderer: enrolment identity of a Node.
 * - node-tls: TLS server and client of a Node.
 * - contract-tls: TLS server of a contract's instance.
 * - operator-admin-client: opens the admin endpoint of this member's orderers, nothing else.
 * - operator-client: client identity of the operator in this member's name, for commit, readiness and reads.
 * - client: short-lived client identity of the ledger gateway, with a contract role.
 */
export const certificateProfiles = [
  'peer',
  'orderer',
  'node-tls',
  'contract-tls',
  'operator-admin-client',
  'operator-client',
  'client',
] as const;
export type CertificateProfile = (typeof certificateProfiles)[number];

const spec = z.strictObject({
  profile: z.enum(certificateProfiles),
  /** PKCS#10 in PEM. Only its public key is used; subject and names follow from the profile and the objects named here. */
  csr: pem,
  /** The Node it is for: peer, orderer, node-tls. */
  node: shortName.optional(),
  /** The Service whose address and DNS names go into a TLS certificate: node-tls, contract-tls. */
  service: z.string().max(63).optional(),
  /** The contract role of a client certificate. */
  role: applicationRole.optional(),
});

const status = z.strictObject({
  ...statusBase,
  /** The certificate, and the issuing CA after it. */
  certificate: pem.optional(),
  chain: pem.optional(),
  notAfter: timestamp.optional(),
});

export const certificateRequest = defineKind({
  kind: 'CertificateRequest',
  plural: 'certificaterequests',
  shortNames: ['ghcr'],
  description: "Asks the member's certificate authority for a certificate.",
  spec: withRules(spec, immutable('a certificate request')),
  status,
  columns: [{ name: 'Profile', type: 'string', jsonPath: '.spec.profile' }],
});
export type CertificateRequest = ObjectOf<typeof certificateRequest>;
