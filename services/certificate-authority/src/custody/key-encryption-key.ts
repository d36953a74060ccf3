import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { mkdir, open as openFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CertificateAuthorityError } from '../errors.ts';
import { open, seal, type SealedPlace } from './envelope.ts';

/** Wraps members' data-encryption keys. The key itself may be in a file, a hardware module or a cloud's key service. */
export interface KeyEncryptionKey {
  /** Stored beside what it wraps, so that a wrong key is told from a damaged value. Not secret. */
  readonly id: string;
  wrap(dataKey: Uint8Array, place: SealedPlace): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, place: SealedPlace): Promise<Uint8Array>;
}

const keyLength = 32;

/**
 * A key in a file of 32 random bytes that only its owner may read (mode 0600); made when it is not there. Losing the file loses
 * every hosted key: back it up apart from the database.
 */
export async function openKeyFile(path: string): Promise<KeyEncryptionKey> {
  const key = (await createKey(path)) ?? (await readKey(path));
  return fromKey(key);
}

function fromKey(key: Uint8Array): KeyEncryptionKey {
  return {
    id: `file:${createHash('sha256').update('guildhall key-encryption key id\0').update(key).digest('hex').slice(0, 16)}`,
    wrap: (dataKey, place) => Promise.resolve(seal(key, dataKey, place)),
    unwrap: async (wrapped, place) => open(key, wrapped, place),
  };
}

async function createKey(path: string): Promise<Uint8Array | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let file: FileHandle;
  try {
    file = await openFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw unusable(path, 'it cannot be created', error);
  }
  try {
    const key = randomBytes(keyLength);
    await file.writeFile(key);
    // Before anything is encrypted with it: a key lost in a power cut would take the data with it.
    await file.sync();
    return key;
  } finally {
    await file.close();
  }
}

async function readKey(path: string): Promise<Uint8Array> {
  let file: FileHandle;
  try {
    file = await openFile(path, constants.O_RDONLY);
  } catch (error) {
    throw unusable(path, 'it cannot be read', error);
  }
  try {
    const stats: Stats = await file.stat();
    if ((stats.mode & 0o077) !== 0) throw unusable(path, `others may read it; run: chmod 600 ${path}`);
    const key = await file.readFile();
    if (key.length !== keyLength) throw unusable(path, `it has ${key.length} bytes instead of ${keyLength}; restore it from its backup`);
    return key;
  } finally {
    await file.close();
  }
}

function unusable(path: string, why: string, cause?: unknown): CertificateAuthorityError {
  return new CertificateAuthorityError(
    'KEY_ENCRYPTION_KEY_UNUSABLE',
    `the key file ${path} is unusable: ${why}`,
    cause === undefined ? {} : { cause },
  );
}
