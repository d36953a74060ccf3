import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../files.ts';

const retryMs = 20;

/**
 * Tries to take a lock that holds for this machine (its network namespace) until it is released or this process ends,
 * however it ends: a listener on an abstract Unix socket (unix(7)), which the kernel gives to one process at a time and
 * takes back by itself. Undefined when another process has it.
 */
export async function tryMachineLock(name: string): Promise<{ release(): Promise<void> } | undefined> {
  const server = createServer();
  server.listen({ path: `\0guildhall/${name}` });
  try {
    await once(server, 'listening');
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE')) return undefined;
    throw error;
  }
  server.unref();
  return {
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Does something that no two processes of this machine do at once. */
export async function withMachineLock<T>(name: string, action: () => T): Promise<T> {
  for (;;) {
    const lock = await tryMachineLock(name);
    if (lock === undefined) {
      await delay(retryMs);
      continue;
    }
    try {
      return action();
    } finally {
      await lock.release();
    }
  }
}
