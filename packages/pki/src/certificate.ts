import { randomBytes } from 'node:crypto';
import { parseCertificate, type Certificate } from './certificate-parser.ts';
import type { Curve } from './curves.ts';
import { bitString, explicitTag, objectIdentifier, sequence, time, unsignedInteger } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { encodeExtensions, type Extensions } from './extensions.ts';
import { curveOf, subjectKeyIdentifier } from './keys.ts';
import { encodeName, type Name } from './name.ts';
import { toLowS, verifySignature, type CertificateSigner } from './signature.ts';

export interface CertificateTemplate extends Extensions {
  readonly subject: Name;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Cut off at the issuer's own end. */
  readonly notAfter: Date;
}

export interface Issuer {
  readonly certificate: Certificate;
  readonly signer: CertificateSigner;
}

export interface IssuanceContext {
  readonly now: Date;
  /** Random bytes; the default is the system's generator. */
  readonly random?: (size: number) => Uint8Array;
}

/** Clocks differ: certificates begin five minutes ago, as cryptogen's do. */
const backdatingMs = 5 * 60 * 1000;

/** Issues a certificate and reads it back: what leaves this function is well-formed, verifies, and is what the template says. */
export async function issueCertificate(template: CertificateTemplate, issuer: Issuer, context: IssuanceContext): Promise<Certificate> {
  const { certificate, signer } = issuer;
  if (certificate.extensions.basicConstraints?.ca !== true || certificate.extensions.subjectKeyId === undefined) {
    throw new PkiError('TEMPLATE_INVALID', 'the issuer is not a CA with a subject key identifier');
  }
  if (Buffer.compare(certificate.publicKey, signer.publicKey) !== 0)
    throw new PkiError('TEMPLATE_INVALID', "the signer's key is not the issuer certificate's key");
  requirePathLength(certificate, template);
  const notBefore = new Date(Math.max(backdated(context.now).getTime(), certificate.notBefore.getTime()));
  const notAfter = new Date(Math.min(template.notAfter.getTime(), certificate.notAfter.getTime()));
  return sign(
    template,
    { name: certificate.rawSubject, keyId: certificate.extensions.subjectKeyId },
    signer,
    { notBefore, notAfter },
    context,
  );
}

/** A root: its subject is its issuer. `template.publicKey` is the signer's. */
export async function selfSignCertificate(
  template: Omit<CertificateTemplate, 'publicKey'>,
  signer: CertificateSigner,
  context: IssuanceContext,
): Promise<Certificate> {
  const keyId = subjectKeyIdentifier(signer.publicKey);
  const period = { notBefore: backdated(context.now), notAfter: template.notAfter };
  return sign({ ...template, publicKey: signer.publicKey }, { name: encodeName(template.subject), keyId }, signer, period, context);
}

/** What CA certificates of Fabric need: certificate and CRL signing, no extended key usage. `pathLength` 0 for one that issues leaves only. */
export function authorityExtensions(pathLength: number): Extensions {
  return { keyUsage: ['digitalSignature', 'certificateSign', 'crlSign'], basicConstraints: { ca: true, pathLength } };
}

async function sign(
  template: CertificateTemplate,
  issuer: { name: Uint8Array; keyId: Uint8Array },
  signer: CertificateSigner,
  period: { notBefore: Date; notAfter: Date },
  { random = randomBytes }: IssuanceContext,
): Promise<Certificate> {
  if (period.notAfter <= period.notBefore)
    throw new PkiError('TEMPLATE_INVALID', `the certificate would end (${period.notAfter.toISOString()}) before it begins`);
  const curve = curveOf(signer.publicKey);
  const algorithm = signatureAlgorithm(curve);
  const tbs = sequence(
    explicitTag(0, unsignedInteger(Uint8Array.of(2))),
    unsignedInteger(serialNumber(random)),
    algorithm,
    issuer.name,
    sequence(time(period.notBefore), time(period.notAfter)),
    encodeName(template.subject),
    template.publicKey,
    encodeExtensions(template, subjectKeyIdentifier(template.publicKey), issuer.keyId),
  );
  const signature = toLowS(await signer.sign(tbs), curve);
  if (!verifySignature(signer.publicKey, tbs, signature))
    throw new PkiError('SIGNATURE_INVALID', "the signer's signature does not verify with its own public key");
  return parseCertificate(sequence(tbs, algorithm, bitString(signature)));
}

/** RFC 5758, 3.2: ECDSA algorithm identifiers have no parameters. */
export function signatureAlgorithm(curve: Curve): Uint8Array {
  return sequence(objectIdentifier(curve.signatureOid));
}

/** 158 random bits in exactly 20 octets, positive (RFC 5280, 4.1.2.2). */
function serialNumber(random: (size: number) => Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(random(20));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function backdated(now: Date): Date {
  return new Date(Math.floor((now.getTime() - backdatingMs) / 1000) * 1000);
}

function requirePathLength(issuer: Certificate, template: CertificateTemplate): void {
  const allowed = issuer.extensions.basicConstraints?.pathLength;
  if (!template.basicConstraints.ca || allowed === undefined) return;
  if (allowed === 0 || (template.basicConstraints.pathLength ?? Infinity) >= allowed) {
    throw new PkiError('TEMPLATE_INVALID', `the issuer allows ${allowed} CA certificates below it; this one would need more`);
  }
}
