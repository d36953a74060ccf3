import { backoff, type Clock } from '../clock.ts';

export interface RateLimits {
  /** Per key: doubles from base to max with each failure, with jitter. */
  baseMs: number;
  maxMs: number;
  /** All keys together. */
  perSecond: number;
  burst: number;
}

/** As client-go: 5 ms doubling, 10 per second with a burst of 100; the longest wait is 5 minutes instead of 1000 s. */
export const defaultRateLimits: RateLimits = { baseMs: 5, maxMs: 300_000, perSecond: 10, burst: 100 };

/** How long to wait before each retry. First tries do not ask it. */
export interface RateLimiter {
  /** Milliseconds until the key may be tried again; counts as a failure of the key. */
  delay(key: string): number;
  failures(key: string): number;
  forget(key: string): void;
}

/** A token bucket that lends: each call takes a token and says how long to wait until it would have been there. */
export function createBucket(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }): { take(): number } {
  let tokens = burst;
  let at = clock.monotonic();
  return {
    take() {
      const now = clock.monotonic();
      tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond) - 1;
      at = now;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
  };
}

export function createRateLimiter(clock: Clock, random: () => number, limits: RateLimits): RateLimiter {
  const failures = new Map<string, number>();
  const bucket = createBucket(clock, limits);
  return {
    delay(key) {
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      return Math.max(backoff(before, limits, random), bucket.take());
    },
    failures: (key) => failures.get(key) ?? 0,
    forget: (key) => failures.delete(key),
  };
}
