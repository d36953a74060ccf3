import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that must come; gives up after a time that only a failure reaches. */
export async function until(what: string | (() => string), holds: () => boolean, { seconds = 20 } = {}): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`gave up after ${seconds} s: ${typeof what === 'string' ? what : what()}`);
    await delay(5);
  }
}
