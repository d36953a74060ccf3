import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leavesGap, mergeBlocks } from './newest-blocks.ts';

const blocks = (...numbers: number[]) => numbers.map((number) => ({ number, hash: `${number}` }));

test('new blocks come first, each once, and the oldest go', () => {
  assert.deepEqual(mergeBlocks(blocks(3, 2, 1), blocks(5, 4, 3), 4).map(({ number }) => number), [5, 4, 3, 2]);
  assert.deepEqual(mergeBlocks([], blocks(1), 4), blocks(1));
});

test('what was told later replaces what was known', () => {
  assert.deepEqual(mergeBlocks(blocks(1), [{ number: 1, hash: 'other' }], 4), [{ number: 1, hash: 'other' }]);
});

test('a block that does not follow on the newest one leaves a gap', () => {
  assert.equal(leavesGap(blocks(3, 2), { number: 4 }), false);
  assert.equal(leavesGap(blocks(3, 2), { number: 5 }), true);
  assert.equal(leavesGap(blocks(3, 2), { number: 3 }), false);
  assert.equal(leavesGap([], { number: 7 }), false);
});
