import { createHash } from 'node:crypto';
import { access, constants, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { secretsFile } from './secrets.ts';

export class HomeInUseError extends Error {
  override name = 'HomeInUseError';
}

/** The folder cannot be made or written, or belongs to another account. */
export class HomeUnusableError extends Error {
  override name = 'HomeUnusableError';
}

export interface Home {
  path: string;
  release(): Promise<void>;
}

export const logFolder = (home: string): string => join(home, 'logs');

/** Makes the folder, for its owner only. */
export async function makeHome(path: string): Promise<void> {
  try {
    await mkdir(logFolder(path), { recursive: true, mode: 0o700 });
    for (const folder of [path, logFolder(path)]) await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new HomeUnusableError(`The folder ${path} cannot be used (${error instanceof Error ? error.message : String(error)}): set GUILDHALL_HOME to one that this account may write`, { cause: error });
  }
  await requireOwnHome(path);
}

/** Started by another account, were it root, Guildhall would leave files that the home's own account could not read any more. */
async function requireOwnHome(path: string): Promise<void> {
  const owner = await stat(secretsFile(path)).then(
    ({ uid }) => uid,
    () => undefined, // a new home
  );
  const self = process.getuid?.();
  if (owner === undefined || owner === self) return;
  throw new HomeUnusableError(`The home ${path} belongs to another account (user id ${owner}, and this is ${self}): start Guildhall as that one, or set GUILDHALL_HOME to another folder`);
}

/** Takes the folder for this process alone. What a crashed process left does not count. */
export async function openHome(path: string): Promise<Home> {
  await makeHome(path);
  const holderFile = join(path, 'guildhall.pid');
  const unlock = await lock(await realpath(path));
  if (unlock === undefined) {
    const holder = (await readIfThere(holderFile))?.trim();
    throw new HomeInUseError(`Guildhall runs already with its home in ${path}${holder ? ` (process ${holder})` : ''}: stop that one, or set GUILDHALL_HOME to another folder`);
  }
  await writePrivateFile(holderFile, `${process.pid}\n`);
  return {
    path,
    release: async () => {
      await rm(holderFile, { force: true });
      await unlock();
    },
  };
}

/**
 * An abstract Unix socket (Linux): the kernel gives it to one process and frees it when that one ends, however it ends. A file would have to be
 * taken over from a crashed process, which two at once can do.
 */
async function lock(folder: string): Promise<(() => Promise<void>) | undefined> {
  const server = createServer();
  const held = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error) => ('code' in error && error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(`\0guildhall-home-${createHash('sha256').update(folder).digest('hex')}`, () => resolve(true));
  });
  if (!held) return undefined;
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
