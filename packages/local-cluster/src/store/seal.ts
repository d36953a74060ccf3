import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keeps what is secret from whoever reads the database. */
export interface Sealer {
  /** `place` says where the text belongs; sealed, it cannot be moved elsewhere. */
  seal(text: string, place: string): Uint8Array;
  /** Throws when the key is another one, or the bytes were changed or moved. */
  unseal(sealed: Uint8Array, place: string): string;
}

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce: format (1 byte), nonce, ciphertext, tag. */
export function createSealer(key: Uint8Array): Sealer {
  if (key.length !== 32) throw new RangeError(`a key of 32 bytes is needed, not of ${key.length}`);
  return {
    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      return Buffer.concat([Buffer.from([format]), nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(sealed, place) {
      if (sealed[0] !== format) throw new Error(`sealed in an unknown format (${sealed[0]})`);
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
    },
  };
}
