import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A block of 254 loopback addresses (127.x.y.0/24) that nothing listens on, so that nodes have their standard ports and two runs share a machine. The
 * first address is held as long as the block is; the kernel frees it with this process.
 */
export interface AddressBlock {
  next(): string;
  release(): Promise<void>;
}

const LOCK_PORT = 65_000;

export async function takeAddressBlock(): Promise<AddressBlock> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const prefix = `127.${randomInt(180, 250)}.${randomInt(1, 255)}`;
    const lock = createServer();
    const held = await new Promise<boolean>((resolve) => {
      lock.once('error', () => resolve(false));
      lock.listen(LOCK_PORT, `${prefix}.1`, () => resolve(true));
    });
    if (!held) continue;
    lock.unref();
    let last = 1;
    return {
      next: () => `${prefix}.${++last}`,
      release: () => new Promise((resolve) => lock.close(() => resolve())),
    };
  }
  throw new Error('no free block of loopback addresses was found');
}
