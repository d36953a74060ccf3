import type { Notifications } from '../database/notifications.ts';

/**
 * Reads once at the start, then whenever something that matches was notified, until `isLast`. Notifications that come
 * while the consumer is busy count as one, because each read tells what is true at its time. Written by hand and not as
 * a generator: a generator that waits for its next notification cannot be ended, and would listen for ever.
 */
export function changeStream<T>(options: {
  notifications: Notifications;
  channel: string;
  matches: (payload: string) => boolean;
  read: () => Promise<T>;
  isLast?: (value: T) => boolean;
}): AsyncIterableIterator<T> {
  let pending = true;
  let ended = false;
  let wake: () => void = () => undefined;
  const notify = (): void => {
    pending = true;
    wake();
  };
  const stopListening = [
    options.notifications.on(options.channel, (payload) => {
      if (options.matches(payload)) notify();
    }),
    options.notifications.onGap(notify),
  ];
  const end = (): IteratorReturnResult<undefined> => {
    ended = true;
    for (const stop of stopListening) stop();
    wake();
    return { done: true, value: undefined };
  };
  const stream: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      if (!pending && !ended) await new Promise<void>((resolve) => (wake = resolve));
      if (ended) return { done: true, value: undefined };
      pending = false;
      try {
        const value = await options.read();
        if (options.isLast?.(value)) end();
        return { done: false, value };
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
