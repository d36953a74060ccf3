/** The items of pages, one by one. Written by hand, as changeStream is: a generator that waits for its next page cannot be ended. */
export function flatten<T>(pages: AsyncIterableIterator<readonly T[]>): AsyncIterableIterator<T> {
  let waiting: readonly T[] = [];
  const stream: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      while (waiting.length === 0) {
        const { done, value } = await pages.next();
        if (done) return { done: true, value: undefined };
        waiting = value;
      }
      const [value, ...rest] = waiting;
      waiting = rest;
      return { done: false, value: value as T };
    },
    return: async () => {
      waiting = [];
      await pages.return?.();
      return { done: true, value: undefined };
    },
  };
  return stream;
}
