interface Numbered {
  number: number;
}

/** Whether a block does not follow on those that are known, newest first: then some were missed. */
export const leavesGap = (known: readonly Numbered[], next: Numbered): boolean => {
  const [newest] = known;
  return newest !== undefined && next.number > newest.number + 1;
};

/** The newest first, each once, so many at most. What came later is truer: a ledger may have been restored and have another block. */
export function mergeBlocks<Block extends Numbered>(known: readonly Block[], later: readonly Block[], atMost: number): Block[] {
  const byNumber = new Map([...known, ...later].map((block) => [block.number, block]));
  return [...byNumber.values()].sort((one, other) => other.number - one.number).slice(0, atMost);
}
