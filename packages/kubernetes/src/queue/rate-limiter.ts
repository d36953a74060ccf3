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

export interface Bucket {
  /** Takes a token, a future one if need be, and gives the milliseconds until it is there. */
  reserve(): number;
  /** Takes a token only when there is one. */
  tryTake(): boolean;
}

export function createBucket(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }): Bucket {
  let tokens = burst;
  let at = clock.monotonic();
  function refill(): void {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
  }
  return {
    reserve() {
      refill();
      tokens -= 1;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
    tryTake() {
      refill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
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
      return Math.max(backoff(before, limits, random), bucket.reserve());
    },
    failures: (key) => failures.get(key) ?? 0,
    forget: (key) => failures.delete(key),
  };
}
