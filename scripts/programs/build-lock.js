import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One at a time works in a folder of this machine. The lock is an abstract Unix socket (Linux): the kernel frees it with the
 * process that holds it, so a killed one leaves nothing stale behind.
 *
 * @returns {Promise<() => Promise<void>>} frees the lock
 */
export async function holdBuildLock(folder, onProgress, { pollMs = 500, signal } = {}) {
  const address = `\0guildhall-build-${createHash('sha256').update(folder).digest('hex')}`;
  for (let waited = 0; ; waited += pollMs) {
    const server = createServer();
    const held = await new Promise((resolve, reject) => {
      server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
      server.listen(address, () => resolve(true));
    });
    if (held) {
      server.unref();
      return () => new Promise((resolve) => server.close(() => resolve()));
    }
    if (waited % 5_000 === 0) onProgress(`Another run is at work in ${folder}; waiting for it (${waited / 1000} s)`);
    await sleep(pollMs, undefined, { signal });
  }
}
