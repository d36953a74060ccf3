export interface Part {
  readonly transactions: number;
  readonly invalid: number;
  readonly blocks: number;
}

/** The next of 1, 2, 5, 10, 20, 50 … : a scale that is easily read. */
export function scaleTop(most: number): number {
  if (most <= 1) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * magnitude).find((top) => top >= most) ?? 10 * magnitude;
}

export interface Bar {
  x: number;
  width: number;
  valid: number;
  invalid: number;
  blocks: number;
}

/** Bars, and a mark for the blocks, in a field of 100 × 100. */
export function barsOf(parts: readonly Part[]): { top: number; bars: Bar[] } {
  const top = scaleTop(Math.max(0, ...parts.flatMap(({ transactions, blocks }) => [transactions, blocks])));
  const step = 100 / Math.max(1, parts.length);
  const high = (count: number): number => (count / top) * 100;
  return {
    top,
    bars: parts.map(({ transactions, invalid, blocks }, index) => ({ x: index * step + step * 0.12, width: step * 0.76, valid: high(transactions - invalid), invalid: high(invalid), blocks: high(blocks) })),
  };
}
