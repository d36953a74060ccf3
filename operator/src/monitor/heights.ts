import type { Clock } from '@guildhall/kubernetes';

/** Nodes are not looked at in the same moment: one is behind when it misses what another had so long ago. */
const settledAfterMs = 2_500;
/** The first looks at a channel's nodes come together, but a block may come between two of them. */
const firstLooksMs = 500;

/** The heights that the channels' nodes told, per channel. */
export interface Heights {
  saw(channel: string, height: number): void;
  /** The highest that any node told; 0 before. */
  highest(channel: string): number;
  /** Whether a node of this height has all that it could have. */
  isLevel(channel: string, height: number): boolean;
}

export function createHeights(clock: Clock): Heights {
  /** Ascending. The first is what a node is measured by: settled, or told before all others; the rest is not settled yet. */
  const seen = new Map<string, { height: number; at: number }[]>();
  const ageMs = ({ at }: { at: number }): number => clock.monotonic() - at;

  function history(channel: string): { height: number; at: number }[] {
    const all = seen.get(channel) ?? [];
    const settled = all.findLastIndex((told) => ageMs(told) >= settledAfterMs);
    return settled > 0 ? all.slice(settled) : all;
  }

  const highest = (channel: string): number => seen.get(channel)?.at(-1)?.height ?? 0;

  return {
    saw(channel, height) {
      if (height > highest(channel)) seen.set(channel, [...history(channel), { height, at: clock.monotonic() }]);
    },
    highest,
    isLevel(channel, height) {
      const [measure] = history(channel);
      return measure === undefined || height >= measure.height - (ageMs(measure) < firstLooksMs ? 1 : 0);
    },
  };
}
