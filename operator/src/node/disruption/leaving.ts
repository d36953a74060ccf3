import type { Clock } from '@guildhall/kubernetes';

/** A machine may be cordoned and never emptied: the turn goes round then. `kubectl drain` asks again every 5 s. */
const turnMs = 30_000;
const restMs = 15_000;
/** Who waits asks every second; one that has not asked for so long does not wait any more. */
const waitsMs = 5_000;

/** Who waits for a turn, and who has had it long enough without need. */
export interface Leaving {
  /** Whether a node on a cordoned machine is to leave it, or to let others go first. */
  isTo(key: string, consortium: string, hasTurn: boolean): boolean;
  waits(key: string, consortium: string): void;
  /** It does not wait any more. */
  settles(key: string): void;
  /** Its machine is not cordoned. */
  stays(key: string): void;
  forget(key: string): void;
}

export function createLeaving(clock: Clock): Leaving {
  const waiters = new Map<string, { consortium: string; at: number }>();
  const since = new Map<string, number>();
  const restsUntil = new Map<string, number>();

  return {
    isTo(key, consortium, hasTurn) {
      const now = clock.monotonic();
      if (now < (restsUntil.get(key) ?? 0)) return false;
      if (!hasTurn) return true;
      const began = since.get(key) ?? now;
      since.set(key, began);
      const othersWait = [...waiters].some(([other, waiter]) => other !== key && waiter.consortium === consortium && now - waiter.at < waitsMs);
      if (!othersWait || now - began < turnMs) return true;
      since.delete(key);
      restsUntil.set(key, now + restMs);
      return false;
    },
    waits: (key, consortium) => void waiters.set(key, { consortium, at: clock.monotonic() }),
    settles: (key) => void waiters.delete(key),
    stays: (key) => void since.delete(key),
    forget(key) {
      for (const memory of [waiters, since, restsUntil]) memory.delete(key);
    },
  };
}
