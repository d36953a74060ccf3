import { createHash } from 'node:crypto';
import { curveOfSignature, type Curve, type CurveName } from './curves.ts';
import { childrenOf, contentOf, DerCursor, malformed, readElement, readSequence } from './der-reader.ts';
import { readBitString, readObjectIdentifier, readPositiveInteger, readSmallInteger, readTime } from './der-values.ts';
import { tag } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { parseExtensions, type ParsedExtensions } from './extension-parser.ts';
import { curveOf } from './keys.ts';
import { parseName, type Name } from './name.ts';
import { decodePem, encodePem } from './pem.ts';

export interface Certificate {
  readonly der: Uint8Array;
  readonly pem: string;
  /** SHA-256 of the DER encoding, lower-case hex: the certificate's name in logs and audit. */
  readonly fingerprint: string;
  /** Lower-case hex of the magnitude. */
  readonly serialNumber: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly rawIssuer: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly extensions: ParsedExtensions;
  /** The signed part and its signature. */
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  /** The curve of the issuer's key; its hash goes with it. */
  readonly signatureCurve: CurveName;
}

// Far above any certificate of ours, far below what could cost anything.
const maximumCertificateSize = 32 * 1024;

export function parseCertificatePem(pem: string): Certificate {
  return parseCertificate(decodePem('CERTIFICATE', pem));
}

/** Parses an X.509 version 3 certificate with an elliptic-curve key, strictly (RFC 5280, 4.1). It does not verify it. */
export function parseCertificate(der: Uint8Array): Certificate {
  const where = 'certificate';
  if (der.length > maximumCertificateSize)
    throw new PkiError('TOO_LARGE', `a certificate of ${der.length} bytes; at most ${maximumCertificateSize} are read`);
  const outer = readSequence(der, where);
  const tbs = outer.next(tag.sequence);
  const algorithm = outer.next(tag.sequence);
  const signature = readBitString(outer.next(), where);
  outer.end();

  const fields = new DerCursor(tbs.content, where);
  const version = readElement(contentOf(fields.next(), 0xa0, where), where);
  if (readSmallInteger(version, where) !== 2) throw new PkiError('FIELD_NOT_SUPPORTED', 'the certificate is not of version 3');
  const serial = readPositiveInteger(fields.next(), `serial number of the ${where}`);
  if (serial.length > 20) throw malformed(where, 'a serial number of more than 20 octets');
  if (Buffer.compare(fields.next().raw, algorithm.raw) !== 0) throw malformed(where, 'two different signature algorithms');
  const issuer = fields.next(tag.sequence).raw;
  const period = childrenOf(fields.next(), tag.sequence, where);
  const notBefore = readTime(period.next(), where);
  const notAfter = readTime(period.next(), where);
  period.end();
  const subject = fields.next(tag.sequence).raw;
  const publicKey = fields.next(tag.sequence).raw;
  const extensions = fields.next(0xa3);
  fields.end();
  curveOf(publicKey);

  return {
    der,
    pem: encodePem('CERTIFICATE', der),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    serialNumber: Buffer.from(serial).toString('hex'),
    issuer: parseName(issuer, `issuer of the ${where}`),
    subject: parseName(subject, `subject of the ${where}`),
    rawIssuer: issuer,
    rawSubject: subject,
    notBefore,
    notAfter,
    publicKey,
    extensions: parseExtensions(extensions.content, `extensions of the ${where}`),
    tbs: tbs.raw,
    signature,
    signatureCurve: readSignatureAlgorithm(algorithm.raw, where).name,
  };
}

/** RFC 5758, 3.2: the algorithm identifier of ECDSA has no parameters. */
export function readSignatureAlgorithm(der: Uint8Array, where: string): Curve {
  const fields = readSequence(der, where);
  const curve = curveOfSignature(readObjectIdentifier(fields.next(), where), where);
  fields.end();
  return curve;
}
