import { existsSync } from 'node:fs';
import { chmod, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The account in the image: as the administrator it comes in by the socket alone, which is known to be it without a password. */
export const administrator = 'guildhall';

const access = [
  'local all guildhall peer',
  'host all guildhall all reject',
  'host all all all scram-sha-256',
];

/**
 * The folder of the data, made on the first start. Whole or not at all: what was cut short has another name and is made anew.
 * @param initdb makes a folder what a server needs
 */
export async function dataFolder(volume: string, initdb: (folder: string) => Promise<void>): Promise<string> {
  const data = join(volume, 'data');
  if (!existsSync(data)) {
    const unfinished = join(volume, 'unfinished');
    await rm(unfinished, { recursive: true, force: true });
    await initdb(unfinished);
    await rename(unfinished, data);
  }
  // A volume that is mounted for a group is opened to it, and PostgreSQL refuses such a folder.
  await chmod(data, 0o700);
  await writeFile(join(data, 'pg_hba.conf'), access.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  await forgetFormerServer(data);
  return data;
}

/**
 * A server that was killed leaves its lock, with its process id. In a new container that number may be any process's or thread's, and
 * PostgreSQL would never start: so the lock goes, unless the process works in this very folder.
 */
async function forgetFormerServer(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const [pid = ''] = (await readFile(lock, 'utf8')).split('\n');
  if ((await workFolder(pid)) !== data) await rm(lock);
}

async function workFolder(pid: string): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${Number(pid)}/cwd`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code))) return undefined;
    throw error;
  }
}
