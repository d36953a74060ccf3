import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';

/** Whether an account other than root can pass through a folder and all above it. */
async function isTraversable(folder: string): Promise<boolean> {
  for (let current = folder; ; current = dirname(current)) {
    const { mode } = await stat(current);
    if ((mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

/** Also under a umask that would close them. */
async function makeTraversable(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await chmod(folder, 0o755);
  }
}

/**
 * Where PostgreSQL keeps its data. Below the home, unless PostgreSQL runs as an account that cannot get there (a clone
 * under a folder of mode 0700); then where it can, under a name that follows from the home.
 */
export async function dataFolder(home: string, account: Account | undefined, outside = '/var/lib/guildhall'): Promise<{ folder: string; elsewhere: boolean }> {
  const elsewhere = account !== undefined && !(await isTraversable(dirname(home)));
  const folder = elsewhere ? join(outside, createHash('sha256').update(home).digest('hex').slice(0, 16), 'postgres') : join(home, 'postgres');
  if (elsewhere) await makeTraversable(outside, dirname(folder));
  // Secrets lie in files of mode 0600 in the home; passing through it tells nothing.
  else if (account) await chmod(home, 0o711);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  return { folder, elsewhere };
}
