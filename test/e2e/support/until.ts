import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;

/** Looks until something is there (neither undefined nor false); fails with what was seen last. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, timeoutMs = 180_000, everyMs = pollMs): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`, { cause: last });
    await delay(everyMs);
  }
}
