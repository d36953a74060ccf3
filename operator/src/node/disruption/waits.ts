import type { Asked } from './decide.ts';

/** Why a node that is to change, or whose machine is being emptied, does not go; `holder` had the turn when it asked. */
export function whyItWaits({ changes, leaves, isDown, obstacle }: Pick<Asked, 'changes' | 'leaves' | 'isDown' | 'obstacle'>, holder: string | undefined): string {
  if (!changes && !leaves) return 'It has had its turn, and lets others go first for a while.';
  if (isDown) return 'It is not ready, and may leave without a turn.';
  if (obstacle !== undefined) return obstacle;
  return holder === undefined ? 'Another node has its turn.' : `Node ${holder} has its turn and is not back yet.`;
}
