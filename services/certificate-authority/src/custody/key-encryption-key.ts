import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open as openFile, rm, type FileHandle } from 'node:fs/promises';
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

export const keyLength = 32;

/**
 * A key in a file of 32 random bytes that only its owner may read (mode 0600); made when it is not there. Losing the file loses
 * every hosted key: back it up apart from the database.
 */
export async function openKeyFile(path: string): Promise<KeyEncryptionKey> {
  const key = (await createKey(path)) ?? (await readKey(path));
  return fromKey(key);
}

/** The same of a file that somebody else keeps, as a Secret of Kubernetes is: one that is not there is not made. Its group may read it. */
export const readKeyFile = async (path: string): Promise<KeyEncryptionKey> => fromKey(await readKey(path, 0o037));

/** @param key 32 random bytes */
export function fromKey(key: Uint8Array): KeyEncryptionKey {
  return {
    id: `file:${createHash('sha256').update('guildhall key-encryption key id\0').update(key).digest('hex').slice(0, 16)}`,
    wrap: (dataKey, place) => Promise.resolve(seal(key, dataKey, place)),
    unwrap: async (wrapped, place) => open(key, wrapped, place),
  };
}

/**
 * Written whole beside its place and linked there: a process that is killed meanwhile leaves no half a key under the name, and of two
 * that begin at once one key wins. Undefined: there is a key already.
 */
async function createKey(path: string): Promise<Uint8Array | undefined> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (await exists(path)) return undefined;
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  const key = randomBytes(keyLength);
  try {
    await writeDurably(draft, key);
    await link(draft, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return undefined;
    throw unusable(path, 'it cannot be created', error);
  } finally {
    await rm(draft, { force: true });
  }
  // Before anything is encrypted with it: a key lost in a power cut would take the data with it.
  await syncFolder(folder);
  return key;
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await openFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await openFile(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw unusable(path, 'it cannot be looked for', error);
  }
}

/** @param forbidden rights that nobody may have on it */
async function readKey(path: string, forbidden = 0o077): Promise<Uint8Array> {
  let file: FileHandle;
  try {
    file = await openFile(path, constants.O_RDONLY);
  } catch (error) {
    throw unusable(path, 'it cannot be read', error);
  }
  try {
    const { mode, size } = await file.stat();
    if ((mode & forbidden) !== 0) throw unusable(path, `others may read it; run: chmod 600 ${path}`);
    if (size !== keyLength) throw unusable(path, `it has ${size} bytes instead of ${keyLength}; restore it from its backup`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

function unusable(path: string, why: string, cause?: unknown): CertificateAuthorityError {
  return new CertificateAuthorityError(
    'KEY_ENCRYPTION_KEY_UNUSABLE',
    `the key file ${path} is unusable: ${why}`,
    cause === undefined ? {} : { cause },
  );
}
