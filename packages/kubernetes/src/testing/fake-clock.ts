import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: what falls due runs in order, and what it sets off runs before the next. Sets of microtasks and I/O in between. */
  advance(milliseconds: number): Promise<void>;
  /** Lets everything run that needs no time. */
  settle(): Promise<void>;
  /** Timers that are set. */
  pending(): number;
  /** Sets the wall clock, as an administrator would; durations do not notice. */
  setWall(epochMilliseconds: number): void;
}

/** Turns of the event loop after which code that needs no time has run: promises, streams and callbacks in a row. */
const turns = 10;

export function createFakeClock(startEpochMs = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let elapsed = 0;
  let wallOffset = startEpochMs;
  const timers = new Set<{ due: number; callback: () => void }>();

  async function settle(): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await setImmediate();
  }

  return {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    setTimeout(callback, milliseconds) {
      const timer = { due: elapsed + Math.max(0, milliseconds), callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    settle,
    pending: () => timers.size,
    setWall(epochMilliseconds) {
      wallOffset = epochMilliseconds - elapsed;
    },
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      await settle();
      for (;;) {
        let next: { due: number; callback: () => void } | undefined;
        for (const timer of timers) if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
        if (!next) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.due);
        next.callback();
        await settle();
      }
      elapsed = end;
      await settle();
    },
  };
}
