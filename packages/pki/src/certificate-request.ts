import { signatureAlgorithm } from './certificate.ts';
import { readSignatureAlgorithm } from './certificate-parser.ts';
import { curves, type Curve, type CurveName } from './curves.ts';
import { childrenOf, contentOf, DerCursor, readElement, readSequence, type DerElement } from './der-reader.ts';
import { readBitString, readObjectIdentifier, readSmallInteger } from './der-values.ts';
import { bitString, encode, objectIdentifier, sequence, setOf, tag, unsignedInteger } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { parseExtensions, type ParsedExtensions } from './extension-parser.ts';
import { encodeAlternativeNamesExtension, type AlternativeName } from './extensions.ts';
import { curveOf } from './keys.ts';
import { encodeName, parseName, type Name } from './name.ts';
import { oid } from './object-identifiers.ts';
import { decodePem, encodePem } from './pem.ts';
import { toLowS, verifyAnyS, type CertificateSigner } from './signature.ts';

export interface CertificateRequest {
  readonly subject: Name;
  /** SubjectPublicKeyInfo, DER: the requester has proved that it holds its private key. */
  readonly publicKey: Uint8Array;
  readonly subjectAlternativeNames: readonly AlternativeName[];
  /** What else it asks for, the names among it; undefined when it asks for no extension. */
  readonly extensions?: ParsedExtensions;
}

/** Of the DER encoding. Parsers have been made to work for seconds by larger ones. */
export const maximumRequestSize = 8 * 1024;

/** A PKCS#10 request (RFC 2986) for the signer's key, PEM. */
export async function createCertificateRequest(
  { subject, subjectAlternativeNames = [] }: { subject: Name; subjectAlternativeNames?: readonly AlternativeName[] },
  signer: CertificateSigner,
): Promise<string> {
  const curve = curveOf(signer.publicKey);
  const attributes =
    subjectAlternativeNames.length === 0
      ? []
      : [sequence(objectIdentifier(oid.extensionRequest), setOf(sequence(encodeAlternativeNamesExtension(subjectAlternativeNames))))];
  const info = sequence(unsignedInteger(Uint8Array.of(0)), encodeName(subject), signer.publicKey, encode(0xa0, Buffer.concat(attributes)));
  const signature = toLowS(await signer.sign(info), curve);
  return encodePem('CERTIFICATE REQUEST', sequence(info, signatureAlgorithm(curve), bitString(signature)));
}

/**
 * Reads a PKCS#10 request from PEM, strictly, and verifies the proof of possession. What it asks for is only returned to be compared or
 * refused: a certificate takes nothing from a request but the public key.
 */
export function parseCertificateRequest(
  pem: string,
  { allowed = curves.map(({ name }) => name) }: { allowed?: readonly CurveName[] } = {},
): CertificateRequest {
  const where = 'certificate request';
  // Base64 of the largest request, with line ends and the two marker lines.
  if (pem.length > maximumRequestSize * 1.5) throw tooLarge(pem.length, 'characters');
  const der = decodePem('CERTIFICATE REQUEST', pem);
  if (der.length > maximumRequestSize) throw tooLarge(der.length, 'bytes');
  const outer = readSequence(der, where);
  const info = outer.next(tag.sequence);
  const algorithm = outer.next(tag.sequence);
  const signature = readBitString(outer.next(), where);
  outer.end();

  const fields = new DerCursor(info.content, where);
  if (readSmallInteger(fields.next(), where) !== 0)
    throw new PkiError('FIELD_NOT_SUPPORTED', 'the certificate request is not of version 1');
  const subject = fields.next(tag.sequence).raw;
  const publicKey = fields.next(tag.sequence).raw;
  const attributes = childrenOf(fields.next(), 0xa0, where).rest(tag.sequence);
  fields.end();

  const curve = requireAllowed(publicKey, algorithm.raw, allowed, where);
  if (!verifyAnyS(publicKey, info.raw, signature)) {
    throw new PkiError('PROOF_OF_POSSESSION_FAILED', `the ${where} is not signed by the ${curve.name} key it asks a certificate for`);
  }
  const extensions = requestedExtensions(attributes, where);
  return {
    subject: parseName(subject, `subject of the ${where}`),
    publicKey,
    subjectAlternativeNames: extensions?.subjectAlternativeNames ?? [],
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function requireAllowed(publicKey: Uint8Array, algorithm: Uint8Array, allowed: readonly CurveName[], where: string): Curve {
  const curve = curveOf(publicKey);
  if (!allowed.includes(curve.name))
    throw new PkiError('ALGORITHM_NOT_ALLOWED', `the ${where} is for a ${curve.name} key; allowed are ${allowed.join(', ')}`);
  if (readSignatureAlgorithm(algorithm, where) !== curve)
    throw new PkiError('ALGORITHM_NOT_ALLOWED', `the ${where} signs with another hash than ${curve.name} goes with, ${curve.hash}`);
  return curve;
}

function requestedExtensions(attributes: readonly DerElement[], where: string): ParsedExtensions | undefined {
  const [request, ...more] = attributes.filter(
    (attribute) => readObjectIdentifier(new DerCursor(attribute.content, where).next(), where) === oid.extensionRequest,
  );
  if (more.length > 0) throw new PkiError('DUPLICATE_EXTENSION', `the ${where} has two lists of extensions`);
  if (request === undefined) return undefined;
  const fields = childrenOf(request, tag.sequence, where);
  fields.next();
  const values = contentOf(fields.next(), tag.set, where);
  fields.end();
  return parseExtensions(readElement(values, where).raw, `extensions of the ${where}`);
}

function tooLarge(size: number, unit: string): PkiError {
  return new PkiError('TOO_LARGE', `a certificate request of ${size} ${unit}; at most ${maximumRequestSize} bytes are read`);
}
