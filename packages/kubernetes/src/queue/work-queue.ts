import { type Clock, systemClock, type Timer } from '../clock.ts';
import type { QueueObserver } from '../metrics.ts';
import { createRateLimiter, defaultRateLimits, type RateLimits } from './rate-limiter.ts';

/** `low` is for resyncs and first lists: they wait while anything else does. */
export type Priority = 'normal' | 'low';

export interface Item {
  key: string;
  priority: Priority;
}

/**
 * The queue of client-go: a key waits at most once and is never handed out twice at the same time; added while it is being worked on, it
 * waits again when that is done, once.
 */
export interface WorkQueue {
  add(key: string, priority?: Priority): void;
  /** Of several times for one key the earliest counts. */
  addAfter(key: string, milliseconds: number, priority?: Priority): void;
  /** After a failure: waits longer each time, and at least `atLeastMs`. Returns the wait. */
  addRateLimited(key: string, atLeastMs?: number): number;
  /** The key is well: its failures are forgotten and a later time set for it is dropped. */
  forget(key: string): void;
  failures(key: string): number;
  /** The next key, as soon as there is one; undefined once the queue is closed. Each must be followed by done(). */
  next(): Promise<Item | undefined>;
  done(key: string): void;
  /** Keys that wait, without those set for later. */
  depth(): number;
  /** Hands out nothing more and takes nothing more. What waits is dropped: the next process finds it again. */
  close(): void;
  /** When the queue is closed and all that was handed out is done. */
  drained(): Promise<void>;
}

export interface WorkQueueOptions {
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  limits?: Partial<RateLimits> | undefined;
  observer?: ((depth: () => number) => QueueObserver) | undefined;
}

export function createWorkQueue(options: WorkQueueOptions = {}): WorkQueue {
  const { clock = systemClock, random = Math.random } = options;
  const limiter = createRateLimiter(clock, random, { ...defaultRateLimits, ...options.limits });
  /** Keys that wait, in order, with the time since when. A key is in at most one of the two. */
  const waiting: Record<Priority, Map<string, number>> = { normal: new Map(), low: new Map() };
  const processing = new Set<string>();
  /** Added while being worked on. */
  const dirty = new Map<string, Priority>();
  const later = new Map<string, { due: number; timer: Timer; priority: Priority }>();
  const takers: ((item: Item | undefined) => void)[] = [];
  const drained = Promise.withResolvers<void>();
  let closed = false;

  const depth = (): number => waiting.normal.size + waiting.low.size;
  const observer = options.observer?.(depth);

  function hand(): void {
    while (takers.length > 0) {
      const priority: Priority = waiting.normal.size > 0 ? 'normal' : 'low';
      const first = waiting[priority].entries().next();
      if (first.done) return;
      const [key, since] = first.value;
      waiting[priority].delete(key);
      processing.add(key);
      observer?.waited((clock.monotonic() - since) / 1000);
      takers.shift()?.({ key, priority });
    }
  }

  function add(key: string, priority: Priority = 'normal'): void {
    if (closed) return;
    if (processing.has(key)) {
      if (dirty.get(key) !== 'normal') dirty.set(key, priority);
      return;
    }
    if (waiting.normal.has(key)) return;
    const since = waiting.low.get(key);
    if (since !== undefined && priority === 'low') return;
    waiting.low.delete(key);
    waiting[priority].set(key, since ?? clock.monotonic());
    if (since === undefined) observer?.added();
    hand();
  }

  function dropLater(key: string): void {
    later.get(key)?.timer.cancel();
    later.delete(key);
  }

  function addAfter(key: string, milliseconds: number, priority: Priority = 'normal'): void {
    if (closed) return;
    if (milliseconds <= 0) {
      add(key, priority);
      return;
    }
    const due = clock.monotonic() + milliseconds;
    const set = later.get(key);
    if (set && set.due <= due) return;
    dropLater(key);
    const timer = clock.setTimeout(() => {
      later.delete(key);
      add(key, priority);
    }, milliseconds);
    later.set(key, { due, timer, priority });
  }

  return {
    add,
    addAfter,
    addRateLimited(key, atLeastMs = 0) {
      const wait = Math.max(limiter.delay(key), atLeastMs);
      observer?.retried();
      addAfter(key, wait);
      return wait;
    },
    forget(key) {
      limiter.forget(key);
      dropLater(key);
    },
    failures: (key) => limiter.failures(key),
    next() {
      if (closed) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        takers.push(resolve);
        hand();
      });
    },
    done(key) {
      processing.delete(key);
      const priority = dirty.get(key);
      dirty.delete(key);
      if (priority !== undefined) add(key, priority);
      if (closed && processing.size === 0) drained.resolve();
    },
    depth,
    close() {
      closed = true;
      for (const key of later.keys()) dropLater(key);
      waiting.normal.clear();
      waiting.low.clear();
      dirty.clear();
      for (const take of takers.splice(0)) take(undefined);
      if (processing.size === 0) drained.resolve();
    },
    drained: () => drained.promise,
  };
}
