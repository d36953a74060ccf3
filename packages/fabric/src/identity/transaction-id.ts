import { createHash, randomBytes } from 'node:crypto';

/** 24 bytes, as Fabric's own clients use. */
export const randomNonce = (): Uint8Array => new Uint8Array(randomBytes(24));

/** hex(sha256(nonce || creator)); the peer recomputes it (protoutil.ComputeTxID). */
export function transactionId(nonce: Uint8Array, creator: Uint8Array): string {
  return createHash('sha256').update(nonce).update(creator).digest('hex');
}
