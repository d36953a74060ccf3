import type { Clock } from '@guildhall/kubernetes';

/** Waits for others go on only for so long: whatever keeps them, it must not keep everybody. */
export interface Patience {
  /** Milliseconds that are left for a wait under this key that still goes on; 0 when it has taken too long. */
  left(key: string): number;
  /** The wait is over: another one under this key gets the whole time. */
  end(key: string): void;
}

export function createPatience(clock: Clock, milliseconds: number): Patience {
  const since = new Map<string, number>();
  return {
    left(key) {
      const began = since.get(key) ?? clock.monotonic();
      since.set(key, began);
      return Math.max(0, milliseconds - (clock.monotonic() - began));
    },
    end: (key) => void since.delete(key),
  };
}
