import { isAway, retryMs } from '../availability.ts';
import type { Notifications } from '../database/notifications.ts';

/**
 * Reads once at the start, then whenever something that matches was notified, until `isLast`. Notifications that come
 * while the consumer is busy count as one, because each read tells what is true at its time. While the database is away
 * the reader waits for it. Written by hand and not as a generator: a generator that waits for its next notification
 * cannot be ended, and would listen for ever.
 */
export function changeStream<T>(options: {
  notifications: Pick<Notifications, 'on' | 'onGap'>;
  channel: string;
  matches: (payload: string) => boolean;
  read: () => Promise<T>;
  isLast?: (value: T) => boolean;
  /** There is more to read already: it is read again without a notification. */
  isPart?: (value: T) => boolean;
}): AsyncIterableIterator<T> {
  const state = { pending: true, ended: false };
  let wake: () => void = () => undefined;
  const notify = (): void => {
    state.pending = true;
    wake();
  };
  const stopListening = [
    options.notifications.on(options.channel, (payload) => {
      if (options.matches(payload)) notify();
    }),
    options.notifications.onGap(notify),
  ];
  const end = (): IteratorReturnResult<undefined> => {
    state.ended = true;
    for (const stop of stopListening) stop();
    wake();
    return { done: true, value: undefined };
  };

  const wait = (ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Undefined when the stream was ended while it read or waited. */
  const read = async (): Promise<{ value: T } | undefined> => {
    while (!state.ended) {
      try {
        return { value: await options.read() };
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      if (!state.ended) await wait(retryMs);
    }
    return undefined;
  };

  const stream: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      if (!state.pending && !state.ended) await wait();
      if (state.ended) return { done: true, value: undefined };
      state.pending = false;
      try {
        const got = await read();
        if (got === undefined) return end();
        if (options.isPart?.(got.value)) state.pending = true;
        if (options.isLast?.(got.value)) end();
        return { done: false, value: got.value };
      } catch (error) {
        end();
        throw error;
      }
    },
    return: () => Promise.resolve(end()),
    throw: (error) => {
      end();
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    },
  };
  return stream;
}
