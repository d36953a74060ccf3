import type { AlternativeName, BasicConstraints, CertificateTemplate, ExtendedKeyUsage, KeyUsage, NamePart } from '@guildhall/pki';
import { maxValidDays, type CertificateProfile } from '@guildhall/resources';

/** The keys that are in custody for each member. */
export const credentialUses = ['signing-root', 'signing-issuing', 'tls-root', 'tls-issuing', 'admin-endpoint', 'admin'] as const;
export type CredentialUse = (typeof credentialUses)[number];

/** What may be asked for: by a CertificateRequest, or by a ClientIdentity. */
export type AskedProfile = CertificateProfile | 'application-client';

/** What a certificate can be. Those that are in custody nobody asks for. */
export type Profile = CredentialUse | AskedProfile;

interface ProfileRule {
  /** The member's CA that issues it; a root issues itself. */
  readonly issuer: CredentialUse;
  /** The role that Fabric reads from the identity; exactly one, and only on identities of the MSP. */
  readonly organizationalUnit?: 'peer' | 'orderer' | 'client' | 'admin';
  readonly keyUsage: readonly KeyUsage[];
  /** None on identities: Fabric verifies them as if for a TLS server, so clientAuth alone would be refused. */
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly basicConstraints: BasicConstraints;
  /** The longest; what is asked for may end sooner. */
  readonly lifetimeDays: number;
  /** Whether it carries addresses, or attributes for contracts. */
  readonly names: boolean;
  readonly attributes: boolean;
}

const authority = (issuer: CredentialUse, pathLength: number, years: number): ProfileRule => ({
  issuer,
  keyUsage: ['digitalSignature', 'certificateSign', 'crlSign'],
  extendedKeyUsage: [],
  basicConstraints: { ca: true, pathLength },
  lifetimeDays: years * 365,
  names: false,
  attributes: false,
});

const identity = (organizationalUnit: 'peer' | 'orderer' | 'client' | 'admin', lifetimeDays: number): ProfileRule => ({
  issuer: 'signing-issuing',
  organizationalUnit,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
  basicConstraints: { ca: false },
  lifetimeDays,
  names: false,
  attributes: false,
});

const tls = (extendedKeyUsage: readonly ExtendedKeyUsage[]): ProfileRule => ({
  issuer: 'tls-issuing',
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage,
  basicConstraints: { ca: false },
  lifetimeDays: 365,
  names: true,
  attributes: false,
});

export const profiles: Readonly<Record<Profile, ProfileRule>> = {
  'signing-root': authority('signing-root', 1, 20),
  'signing-issuing': authority('signing-root', 0, 10),
  'tls-root': authority('tls-root', 1, 20),
  'tls-issuing': authority('tls-root', 0, 10),
  // The endpoint checks only that a client's chain ends here, so this CA stands apart and signs for nothing else.
  'admin-endpoint': authority('admin-endpoint', 0, 10),
  admin: identity('admin', 365),
  peer: identity('peer', 365),
  orderer: identity('orderer', 365),
  'node-tls': tls(['serverAuth', 'clientAuth']),
  'contract-tls': tls(['serverAuth']),
  'operator-admin-client': { ...tls(['clientAuth']), issuer: 'admin-endpoint', lifetimeDays: 1, names: false },
  'operator-client': identity('client', 1),
  client: { ...identity('client', 1), attributes: true },
  'application-client': { ...identity('client', maxValidDays), attributes: true },
};

export interface SubjectFacts {
  /** The MSP id. */
  readonly organization: string;
  readonly commonName: string;
  /** SubjectPublicKeyInfo, DER: all that is ever taken from a request. */
  readonly publicKey: Uint8Array;
  readonly names?: readonly AlternativeName[];
  readonly attributes?: Readonly<Record<string, string>>;
  /** Left out: as long as the profile allows. */
  readonly lifetimeDays?: number;
  /** The uid of the Node whose certificate it is: only ever one key of a Node is certified. */
  readonly node?: string;
}

/** The profile decides everything but who it is for: facts that a profile has no place for are dropped, not copied. */
export function templateOf(profile: Profile, facts: SubjectFacts, now: Date): CertificateTemplate {
  const rule = profiles[profile];
  const unit: NamePart[] = rule.organizationalUnit === undefined ? [] : [{ type: 'OU', value: rule.organizationalUnit }];
  return {
    subject: [{ type: 'O', value: facts.organization }, ...unit, { type: 'CN', value: facts.commonName }],
    publicKey: facts.publicKey,
    notAfter: new Date(now.getTime() + Math.min(rule.lifetimeDays, facts.lifetimeDays ?? Infinity) * 24 * 60 * 60 * 1000),
    keyUsage: rule.keyUsage,
    extendedKeyUsage: rule.extendedKeyUsage,
    basicConstraints: rule.basicConstraints,
    ...(rule.names && facts.names !== undefined ? { subjectAlternativeNames: facts.names } : {}),
    ...(rule.attributes && facts.attributes !== undefined ? { fabricAttributes: facts.attributes } : {}),
  };
}
