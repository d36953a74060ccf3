import { setImmediate } from 'node:timers/promises';

const later = Symbol('later');

/** What has arrived by the same time comes together, in at most so many at once. */
export async function* together<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T[], void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const next = source.next();
    // It may fail while nobody waits for it; whoever asks next is told.
    next.catch(() => undefined);
    return next;
  };
  try {
    for (let next = ask(); ; ) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      next = ask();
      while (batch.length < most) {
        const more = await Promise.race([next, setImmediate(later)]);
        if (more === later || more.done) break;
        batch.push(more.value);
        next = ask();
      }
      yield batch;
    }
  } finally {
    await source.return?.();
  }
}
