/** Nodes that stand in for one another. */
export interface Circle {
  /** As in "Channel trade has 3 orderers". */
  of: string;
  members: string;
  /** How many are to be up. */
  needed: number;
  /** All but the one that is asked about. */
  others: readonly { name: string; isUp: boolean }[];
}

/**
 * Why a node may not be down now, with the arithmetic; undefined when it may. Where the circle is so small that one fewer is too few anyway, waiting protects
 * nobody: then it is enough that all others are up.
 */
export function obstacleIn(circles: readonly Circle[]): string | undefined {
  for (const { of, members, needed, others } of circles) {
    const down = others.filter(({ isUp }) => !isUp).map(({ name }) => name);
    if (others.length - down.length >= Math.min(needed, others.length)) continue;
    const are = down.length === 1 ? 'is' : 'are';
    return `${of} has ${others.length + 1} ${members}, ${needed} needed; ${down.join(', ')} ${are} down or came back a moment ago.`;
  }
  return undefined;
}
