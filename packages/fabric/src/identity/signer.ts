import {
  type Certificate,
  PkiError,
  createSigner as createKeySigner,
  parseCertificatePem,
  verifySignature as verifyByKey,
} from '@guildhall/pki';
import { IdentityError } from '../errors.ts';
import { sameBytes } from '../protobuf.ts';
import type { Identity, Signer } from './identity.ts';

/** A signer whose key (PKCS#8 PEM, P-256) is in this process' memory. The key must belong to the certificate. */
export function createSigner(identity: Identity, privateKeyPem: string): Signer {
  const { publicKey } = certificateOf(identity);
  const signer = orRefuse(() => createKeySigner(privateKeyPem), 'INVALID_KEY', `The private key of ${identity.mspId} cannot be used`);
  if (!sameBytes(signer.publicKey, publicKey))
    throw new IdentityError('INVALID_KEY', `The private key does not belong to the certificate of ${identity.mspId}.`);
  return { identity, sign: (message) => signer.sign(message) };
}

/** Whether `signature` is one that Fabric accepts from `identity` over `message`: right key, SHA-256, DER, low S. */
export function verifySignature(identity: Identity, message: Uint8Array, signature: Uint8Array): boolean {
  return verifyByKey(certificateOf(identity).publicKey, message, signature);
}

/** P-256 only: Fabric hashes with SHA-256 whatever the curve is, and P-384 goes with SHA-384 everywhere else. */
function certificateOf(identity: Identity): Certificate {
  const certificate = orRefuse(
    () => parseCertificatePem(identity.certificate),
    'INVALID_CERTIFICATE',
    `The certificate of ${identity.mspId} cannot be used`,
  );
  if (!sameBytes(certificate.publicKey.subarray(0, P256_PREFIX.length), P256_PREFIX)) {
    throw new IdentityError('INVALID_CERTIFICATE', `The certificate of ${identity.mspId} has a key that is not on P-256.`);
  }
  return certificate;
}

/** SubjectPublicKeyInfo of an uncompressed point on P-256 up to the point itself (RFC 5480). */
const P256_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

function orRefuse<T>(read: () => T, code: 'INVALID_CERTIFICATE' | 'INVALID_KEY', message: string): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof PkiError) throw new IdentityError(code, `${message}: ${cause.message}.`, { cause });
    throw cause;
  }
}
