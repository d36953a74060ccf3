import { X509Certificate, createPrivateKey, sign as cryptoSign, verify as cryptoVerify, type KeyObject } from 'node:crypto';
import { IdentityError } from '../errors.ts';
import type { Identity, Signer } from './identity.ts';
import { type Curve, isCurve, isLowS, toLowSDer } from './low-s.ts';

/** A signer whose key is in this process' memory. The key must belong to the certificate. */
export function createSigner(identity: Identity, privateKey: string | KeyObject): Signer {
  const certificate = parseCertificate(identity);
  const key = typeof privateKey === 'string' ? parseKey(privateKey, identity.mspId) : privateKey;
  const curve = curveOf(key, identity.mspId);
  if (!certificate.checkPrivateKey(key)) throw new IdentityError('INVALID_KEY', `The private key does not belong to the certificate of ${identity.mspId}.`);
  return {
    identity,
    sign: (message) => Promise.resolve(toLowSDer(cryptoSign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }), curve)),
  };
}

/** Whether `signature` is one that Fabric accepts from `identity` over `message`: right key, SHA-256, low S. */
export function verifySignature(identity: Identity, message: Uint8Array, signature: Uint8Array): boolean {
  const { publicKey } = parseCertificate(identity);
  return isLowS(signature, curveOf(publicKey, identity.mspId)) && cryptoVerify('sha256', message, publicKey, signature);
}

function parseCertificate(identity: Identity): X509Certificate {
  try {
    return new X509Certificate(identity.certificate);
  } catch (cause) {
    throw new IdentityError('INVALID_CERTIFICATE', `The certificate of ${identity.mspId} cannot be read.`, { cause });
  }
}

/** The cause is left out on purpose: OpenSSL's message could quote what it could not read. */
function parseKey(pem: string, mspId: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new IdentityError('INVALID_KEY', `The private key of ${mspId} cannot be read.`);
  }
}

function curveOf(key: KeyObject, mspId: string): Curve {
  const name = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || !isCurve(name)) throw new IdentityError('INVALID_KEY', `The key of ${mspId} is not ECDSA on P-256 or P-384.`);
  return name;
}
