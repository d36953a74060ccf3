import type { Clock } from '@guildhall/kubernetes';

/** Nodes are not looked at in the same moment: one is behind when it misses what another had so long ago. */
const settledAfterMs = 2_500;
/** Nobody lacks the one block that another node has shown just now: the look at the others is on its way. */
const justMs = 500;

/** The heights that the channels' nodes told, per channel. */
export interface Heights {
  saw(channel: string, height: number): void;
  /** The highest that any node told; 0 before. */
  highest(channel: string): number;
  /** Whether a node of this height has all that it could have. */
  isLevel(channel: string, height: number): boolean;
}

export function createHeights(clock: Clock): Heights {
  /** Ascending; the first may be settled, the others are not yet. */
  const seen = new Map<string, { height: number; at: number }[]>();

  function history(channel: string): { height: number; at: number }[] {
    const all = seen.get(channel) ?? [];
    const settled = all.findLastIndex(({ at }) => clock.monotonic() - at >= settledAfterMs);
    return settled > 0 ? all.slice(settled) : all;
  }

  const highest = (channel: string): number => seen.get(channel)?.at(-1)?.height ?? 0;

  return {
    saw(channel, height) {
      if (height > highest(channel)) seen.set(channel, [...history(channel), { height, at: clock.monotonic() }]);
    },
    highest,
    isLevel(channel, height) {
      const [first] = history(channel);
      const settled = first !== undefined && clock.monotonic() - first.at >= settledAfterMs;
      const newest = seen.get(channel)?.at(-1);
      const lacksNewest = newest !== undefined && height === newest.height - 1 && clock.monotonic() - newest.at < justMs;
      return height >= highest(channel) || lacksNewest || (settled && height >= first.height);
    },
  };
}
