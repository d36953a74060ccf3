export interface Timer {
  cancel(): void;
}

/** Time as the runtime sees it; tests bring their own (`@guildhall/kubernetes/testing`). */
export interface Clock {
  /** Milliseconds since the epoch; may jump when somebody sets the time. */
  now(): number;
  /** Milliseconds since some moment; never goes back. For durations and expiry. */
  monotonic(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
}

/** setTimeout fires at once for delays beyond 2^31-1 ms (24.8 days). */
const longestTimer = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(callback, milliseconds) {
    const handle = setTimeout(callback, Math.min(milliseconds, longestTimer));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after the time has passed or the signal is aborted, whichever is first; never rejects. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** An RFC 3339 time with whole seconds, as metav1.Time is. */
export const timestamp = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** metav1.MicroTime: exactly six digits of fraction. The API server answers 400 to the three that Date prints. */
export const microTime = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replace('Z', '000Z');

/** A delay that doubles with each attempt (from 0), up to a cap, less up to half of it at random so that clients spread. */
export function backoff(attempt: number, { baseMs, maxMs }: { baseMs: number; maxMs: number }, random: () => number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 40));
  return full * (1 - random() / 2);
}
