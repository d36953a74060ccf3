import type { IndexedBlock } from './index-rows.ts';

export interface IndexPosition {
  nextBlock: number;
  /** Of the block before; null while there is none. */
  lastHash: Uint8Array | null;
}

const same = (a: Uint8Array | null, b: Uint8Array): boolean => a !== null && Buffer.compare(a, b) === 0;

/**
 * Which of some blocks in a row are still to be written, now that the index stands at a position: another process may have written some of them, or all.
 * Undefined when they do not go on from there: they are of another ledger, or leave a gap.
 */
export function remainder(blocks: readonly IndexedBlock[], { nextBlock, lastHash }: IndexPosition): readonly IndexedBlock[] | undefined {
  const [first] = blocks;
  if (!first) return [];
  if (first.summary.number > nextBlock) return undefined;
  if (first.summary.number === nextBlock) return nextBlock === 0 || same(lastHash, first.summary.previousHash) ? blocks : undefined;
  const known = blocks.findIndex(({ summary }) => summary.number === nextBlock - 1);
  // The index is ahead of them all: what comes after them will show whether it is the same ledger.
  if (known < 0) return [];
  return same(lastHash, blocks[known]?.summary.hash ?? new Uint8Array()) ? blocks.slice(known + 1) : undefined;
}
