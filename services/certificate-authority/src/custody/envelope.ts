import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CertificateAuthorityError } from '../errors.ts';

/** Where a sealed value belongs. It is authenticated with the value, so that a value moved to another row does not open. */
export interface SealedPlace {
  readonly member: string;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly version: number;
}

const format = 1;
const nonceLength = 12;
const tagLength = 16;

/** AES-256-GCM: format byte, nonce, ciphertext, tag. A new random nonce each time. */
export function seal(key: Uint8Array, plain: Uint8Array, place: SealedPlace): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(bind(place));
  return Buffer.concat([Uint8Array.of(format), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain value, in memory of its own: the caller overwrites it after use. */
export function open(key: Uint8Array, sealed: Uint8Array, place: SealedPlace): Uint8Array {
  if (sealed[0] !== format || sealed.length < 1 + nonceLength + tagLength) throw unreadable(place);
  const body = sealed.subarray(1 + nonceLength, sealed.length - tagLength);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceLength), { authTagLength: tagLength });
  decipher.setAAD(bind(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const plain = decipher.update(body);
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    throw unreadable(place);
  }
}

function bind({ member, table, row, column, version }: SealedPlace): Uint8Array {
  // Canonical JSON of strings: unlike a joined text it is unambiguous whatever the parts contain.
  return Buffer.from(JSON.stringify([member, table, row, column, String(version)]), 'utf8');
}

function unreadable({ member, table, row, column }: SealedPlace): CertificateAuthorityError {
  return new CertificateAuthorityError(
    'SEALED_VALUE_UNREADABLE',
    `${table}.${column} of row ${row}, member ${member}, does not open: it was changed or belongs elsewhere; restore it from a backup`,
  );
}
