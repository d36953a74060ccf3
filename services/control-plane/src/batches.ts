/** How long a batch waits for its next item. */
const gatherMs = 10;

async function soon(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(resolve, gatherMs, undefined);
  return promise;
}

/** What comes close together comes as one: what is there already in full batches, what is new with hardly a delay. */
export async function* batches<T>(items: AsyncIterable<T>, max: number, sizeOf: (item: T) => number = () => 1): AsyncGenerator<T[], void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const next = source.next();
    // It may fail while nobody waits for it; whoever awaits it next is told, if anybody does.
    next.catch(() => undefined);
    return next;
  };
  try {
    for (let next = ask(); ; ) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      let size = sizeOf(first.value);
      next = ask();
      while (size < max) {
        const more = await Promise.race([next, soon()]);
        if (more === undefined || more.done) break;
        batch.push(more.value);
        size += sizeOf(more.value);
        next = ask();
      }
      yield batch;
    }
  } finally {
    await source.return?.();
  }
}
