import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, ownIdentity } from '@guildhall/local-cluster/process';
import { z } from 'zod';
import { readIfThere } from './private-file.ts';

const holder = z.object({ pid: z.int(), startTime: z.number(), bootId: z.string() });

export class HomeInUseError extends Error {
  override name = 'HomeInUseError';
}

export interface Home {
  path: string;
  release(): Promise<void>;
}

/** Takes the folder for this process alone. What a crashed process left does not count. */
export async function openHome(path: string): Promise<Home> {
  await mkdir(join(path, 'logs'), { recursive: true, mode: 0o700 });
  const lock = join(path, 'guildhall.pid');
  for (;;) {
    try {
      const file = await open(lock, 'wx', 0o600);
      await file.writeFile(JSON.stringify(ownIdentity()));
      await file.close();
      return { path, release: () => rm(lock, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const text = await readIfThere(lock);
    const found = text === undefined || text === '' ? undefined : holder.safeParse(JSON.parse(text)).data;
    if (found && isRunning(found)) {
      throw new HomeInUseError(`Guildhall runs already with its home in ${path} (process ${found.pid}): stop that one, or set GUILDHALL_HOME to another folder`);
    }
    await rm(lock, { force: true });
  }
}
