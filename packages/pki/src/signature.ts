import { sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { Curve, CurveName } from './curves.ts';
import { readSequence } from './der-reader.ts';
import { readPositiveInteger } from './der-values.ts';
import { sequence, unsignedInteger } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { curveOf, publicKeyObject, readPrivateKey } from './keys.ts';

/** Signs for one key, wherever the key is: in memory, in a hardware module, with the member itself. */
export interface CertificateSigner {
  readonly algorithm: CurveName;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** ECDSA with the curve's hash over `message`; DER, low-S. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * A signer whose key is in memory, from its PKCS#8 PEM. Bytes can be overwritten as soon as this has returned; a text stays in memory until
 * it is collected.
 */
export function createSigner(privateKeyPem: string | Uint8Array): CertificateSigner {
  const { key, curve, publicKey } = readPrivateKey(privateKeyPem);
  return {
    algorithm: curve.name,
    publicKey,
    async sign(message) {
      const fixed = signBytes(curve.hash, message, { key, dsaEncoding: 'ieee-p1363' });
      return encodeLowS(fixed.subarray(0, curve.coordinateLength), fixed.subarray(curve.coordinateLength), curve);
    },
  };
}

/** True only for a canonical DER, low-S ECDSA signature by `publicKey` (SubjectPublicKeyInfo, DER): Fabric refuses all others. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return isLowS(signature, curveOf(publicKey)) && verifyAnyS(publicKey, message, signature);
}

/**
 * Also takes a high S, which X.509 allows and OpenSSL makes half of the time: for certificates and requests that others signed.
 * What Guildhall makes itself is checked with verifySignature.
 */
export function verifyAnyS(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const curve = curveOf(publicKey);
  if (readSignature(signature) === undefined) return false;
  return verifyBytes(curve.hash, message, publicKeyObject(publicKey), signature);
}

/** The same signature with the lower of its two values of S; for signers that do not normalise, as hardware modules. */
export function toLowS(signature: Uint8Array, curve: Curve): Uint8Array {
  const parts = readSignature(signature);
  if (parts === undefined) throw new PkiError('SIGNATURE_INVALID', 'the signer returned something else than a DER ECDSA signature');
  return encodeLowS(parts.r, parts.s, curve);
}

export function isLowS(signature: Uint8Array, curve: Curve): boolean {
  const parts = readSignature(signature);
  return parts !== undefined && toBigInt(parts.s) <= curve.order >> 1n;
}

function encodeLowS(r: Uint8Array, s: Uint8Array, curve: Curve): Uint8Array {
  const value = toBigInt(s);
  const low =
    value <= curve.order >> 1n ? s : Buffer.from((curve.order - value).toString(16).padStart(curve.coordinateLength * 2, '0'), 'hex');
  return sequence(unsignedInteger(r), unsignedInteger(low));
}

function readSignature(signature: Uint8Array): { r: Uint8Array; s: Uint8Array } | undefined {
  try {
    const fields = readSequence(signature, 'signature');
    const r = readPositiveInteger(fields.next(), 'signature');
    const s = readPositiveInteger(fields.next(), 'signature');
    fields.end();
    return { r, s };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
