import {
  authorityExtensions,
  createSigner,
  generateKeyPair,
  issueCertificate,
  selfSignCertificate,
  type Certificate,
  type CertificateSigner,
  type Issuer,
  type KeyPair,
} from '../src/index.ts';

export const now = new Date('2026-11-21T12:00:00.000Z');

export interface TestAuthority {
  readonly root: Certificate;
  readonly rootSigner: CertificateSigner;
  readonly issuing: Issuer;
}

/** A root and an issuing CA, as every member has for signing and for TLS. */
export async function createAuthority(name = 'acme'): Promise<TestAuthority> {
  const rootSigner = createSigner((await generateKeyPair()).privateKeyPem);
  const root = await selfSignCertificate(
    {
      subject: [
        { type: 'O', value: name },
        { type: 'CN', value: `${name} root` },
      ],
      notAfter: years(20),
      ...authorityExtensions(1),
    },
    rootSigner,
    { now },
  );
  const issuingSigner = createSigner((await generateKeyPair()).privateKeyPem);
  const issuing = await issueCertificate(
    {
      subject: [
        { type: 'O', value: name },
        { type: 'CN', value: `${name} issuing` },
      ],
      publicKey: issuingSigner.publicKey,
      notAfter: years(10),
      ...authorityExtensions(0),
    },
    { certificate: root, signer: rootSigner },
    { now },
  );
  return { root, rootSigner, issuing: { certificate: issuing, signer: issuingSigner } };
}

export async function issuePeer(issuer: Issuer, keys: KeyPair): Promise<Certificate> {
  return issueCertificate(
    {
      subject: [
        { type: 'OU', value: 'peer' },
        { type: 'CN', value: 'peer0' },
      ],
      publicKey: keys.publicKey,
      notAfter: years(1),
      keyUsage: ['digitalSignature'],
      basicConstraints: { ca: false },
    },
    issuer,
    { now },
  );
}

export function years(count: number): Date {
  return new Date(now.getTime() + count * 365 * 24 * 3600 * 1000);
}
