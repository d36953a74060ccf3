import {
  authorityExtensions,
  createSigner,
  generateKeyPair,
  issueCertificate,
  selfSignCertificate,
  type CertificateSigner,
  type Certificate,
} from '@guildhall/pki';
import type { Person } from './fake-peer.ts';

const tomorrow = (): Date => new Date(Date.now() + 86_400_000);

export interface Authority {
  readonly certificate: Certificate;
  readonly signer: CertificateSigner;
}

export async function createAuthority(): Promise<Authority> {
  const signer = createSigner((await generateKeyPair()).privateKeyPem);
  const certificate = await selfSignCertificate(
    { subject: [{ type: 'CN', value: 'root' }], notAfter: tomorrow(), ...authorityExtensions(0) },
    signer,
    { now: new Date() },
  );
  return { certificate, signer };
}

/** A client identity with contract roles in `gh.role`. */
export async function createPerson(authority: Authority, mspId: string, roles: string, unit = 'client'): Promise<Person> {
  const { publicKey } = await generateKeyPair();
  const certificate = await issueCertificate(
    {
      subject: [
        { type: 'OU', value: unit },
        { type: 'CN', value: 'someone' },
      ],
      publicKey,
      notAfter: tomorrow(),
      keyUsage: ['digitalSignature'],
      basicConstraints: { ca: false },
      ...(roles === '' ? {} : { fabricAttributes: { 'gh.role': roles } }),
    },
    authority,
    { now: new Date() },
  );
  return { mspId, certificate: certificate.pem };
}

/** A TLS server identity for 127.0.0.1. */
export async function createServerIdentity(authority: Authority): Promise<{ readonly key: string; readonly cert: string }> {
  const { publicKey, privateKeyPem } = await generateKeyPair();
  const certificate = await issueCertificate(
    {
      subject: [{ type: 'CN', value: 'contract' }],
      publicKey,
      notAfter: tomorrow(),
      keyUsage: ['digitalSignature'],
      basicConstraints: { ca: false },
      extendedKeyUsage: ['serverAuth'],
      subjectAlternativeNames: [{ type: 'ip', value: '127.0.0.1' }],
    },
    authority,
    { now: new Date() },
  );
  return { key: privateKeyPem, cert: certificate.pem };
}
