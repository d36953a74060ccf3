import { createHash, createPrivateKey, createPublicKey, generateKeyPair as generate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { curves, type Curve } from './curves.ts';
import { readElement, readSequence } from './der-reader.ts';
import { readBitString, readObjectIdentifier } from './der-values.ts';
import { PkiError } from './errors.ts';
import { oid } from './object-identifiers.ts';

export interface KeyPair {
  /** PKCS#8 PEM, unencrypted: the caller keeps it secret. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const generateAsync = promisify(generate);

/** A new P-256 key pair, the curve of Fabric's identities and TLS. */
export async function generateKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateAsync('ec', { namedCurve: 'prime256v1' });
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  };
}

/** Reads a PKCS#8 PEM of an allowed curve; the error never contains the key. */
export function readPrivateKey(privateKeyPem: string | Uint8Array): { readonly key: KeyObject; readonly curve: Curve; readonly publicKey: Uint8Array } {
  let key: KeyObject;
  try {
    key = createPrivateKey(typeof privateKeyPem === 'string' ? privateKeyPem : Buffer.from(privateKeyPem.buffer, privateKeyPem.byteOffset, privateKeyPem.length));
  } catch {
    throw new PkiError('PEM_MALFORMED', 'the private key is not an unencrypted PKCS#8 PEM');
  }
  if (key.asymmetricKeyType !== 'ec')
    throw new PkiError('ALGORITHM_NOT_ALLOWED', 'the private key is not an elliptic-curve key; P-256 and P-384 are allowed');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key, curve: curveOf(publicKey), publicKey };
}

/** The curve of a SubjectPublicKeyInfo: named, from the allow-list, with an uncompressed point. RFC 5480, 2.1.1 and 2.2. */
export function curveOf(publicKey: Uint8Array): Curve {
  return parsePublicKey(publicKey).curve;
}

/** SHA-256 of the uncompressed point, by which Fabric's keystore looks keys up (fabric-lib-go bccsp/sw). */
export function subjectKeyIdentifier(publicKey: Uint8Array): Uint8Array {
  return createHash('sha256').update(parsePublicKey(publicKey).point).digest();
}

export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), type: 'spki', format: 'der' });
  } catch (error) {
    throw new PkiError('ALGORITHM_NOT_ALLOWED', 'the public key is not a point of its curve', { cause: error });
  }
}

function parsePublicKey(publicKey: Uint8Array): { curve: Curve; point: Uint8Array } {
  const where = 'public key';
  const fields = readSequence(publicKey, where);
  const algorithm = readSequence(fields.next().raw, where);
  const bits = fields.next();
  fields.end();
  const type = readObjectIdentifier(algorithm.next(), where);
  if (type !== oid.ecPublicKey) throw new PkiError('ALGORITHM_NOT_ALLOWED', `a key of type ${type}; P-256 and P-384 are allowed`);
  const name = readObjectIdentifier(readElement(algorithm.next().raw, where), where);
  algorithm.end();
  const curve = curves.find(({ curveOid }) => curveOid === name);
  if (curve === undefined) throw new PkiError('ALGORITHM_NOT_ALLOWED', `a key on curve ${name}; P-256 and P-384 are allowed`);
  const point = readBitString(bits, where);
  if (point[0] !== 4 || point.length !== 1 + 2 * curve.coordinateLength)
    throw new PkiError('ALGORITHM_NOT_ALLOWED', 'the public key is not an uncompressed point');
  return { curve, point };
}
