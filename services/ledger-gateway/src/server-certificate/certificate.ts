import {
  authorityExtensions,
  createSigner,
  generateKeyPair,
  issueCertificate,
  parseCertificatePem,
  PkiError,
  selfSignCertificate,
  verifyChain,
} from '@guildhall/pki';

/** What the gateway shows who it is with. All PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  /** The authority that signed the certificate and nothing else: its key was forgotten. */
  readonly authority: string;
}

const LIFE_MS = 90 * 24 * 60 * 60_000;

/** A server certificate with an authority of its own. */
export async function makeServerCertificate(names: readonly string[], now: Date): Promise<ServerCertificate> {
  const context = { now };
  const notAfter = new Date(now.getTime() + LIFE_MS);
  const authorityKeys = await generateKeyPair();
  const signer = createSigner(authorityKeys.privateKeyPem);
  // Named by its time: while one takes over from another, callers hold both.
  const subject = [{ type: 'CN', value: `Guildhall ledger gateway ${now.toISOString()}` }] as const;
  const authority = await selfSignCertificate({ subject, notAfter, ...authorityExtensions(0) }, signer, context);
  const keys = await generateKeyPair();
  const certificate = await issueCertificate(
    {
      subject: [{ type: 'CN', value: 'guildhall-ledger-gateway' }],
      publicKey: keys.publicKey,
      notAfter,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth'],
      basicConstraints: { ca: false },
      subjectAlternativeNames: names.map((value) => ({ type: 'dns', value })),
    },
    { certificate: authority, signer },
    context,
  );
  return { certificate: certificate.pem, key: keys.privateKeyPem, authority: authority.pem };
}

/** Why it cannot be served under these names at this time; undefined when it can. */
export function faultOf({ certificate, key, authority }: ServerCertificate, names: readonly string[], at: Date): string | undefined {
  try {
    const leaf = parseCertificatePem(certificate);
    verifyChain(leaf, { roots: [parseCertificatePem(authority)], at, usage: 'serverAuth' });
    if (Buffer.compare(createSigner(key).publicKey, leaf.publicKey) !== 0) return 'the key is not that of the certificate';
    const named = new Set(leaf.extensions.subjectAlternativeNames?.map(({ value }) => value));
    const missing = names.find((name) => !named.has(name));
    return missing === undefined ? undefined : `the certificate does not name ${missing}`;
  } catch (error) {
    if (error instanceof PkiError) return error.message;
    throw error;
  }
}

/** Undefined when it is no certificate. */
export function periodOf(pem: string): { readonly from: number; readonly until: number } | undefined {
  try {
    const { notBefore, notAfter } = parseCertificatePem(pem);
    return { from: notBefore.getTime(), until: notAfter.getTime() };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
