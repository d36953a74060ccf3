/** How long a batch waits for its next item. */
const gatherMs = 10;

async function soon(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(resolve, gatherMs, undefined);
  return promise;
}

/** What comes close together comes as one: what is there already in full batches, what is new with hardly a delay. */
export async function* batches<T>(items: AsyncGenerator<T>, max: number, sizeOf: (item: T) => number): AsyncGenerator<T[]> {
  try {
    let next = items.next();
    for (;;) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      let size = sizeOf(first.value);
      next = items.next();
      // Whoever reads the batch may stop before it is awaited.
      next.catch(() => undefined);
      while (size < max) {
        const more = await Promise.race([next, soon()]);
        if (more === undefined || more.done) break;
        batch.push(more.value);
        size += sizeOf(more.value);
        next = items.next();
        next.catch(() => undefined);
      }
      yield batch;
    }
  } finally {
    await items.return(undefined);
  }
}
