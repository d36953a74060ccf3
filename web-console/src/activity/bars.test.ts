import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, scaleTop } from './bars.ts';

test('the scale ends at a round number that holds everything', () => {
  assert.deepEqual([0, 1, 2, 3, 7, 10, 11, 99, 100, 4200].map(scaleTop), [1, 1, 2, 5, 10, 10, 20, 100, 100, 5000]);
});

test('bars stand beside each other, invalid transactions on top of the valid ones', () => {
  const { top, bars } = barsOf([{ transactions: 10, invalid: 5, blocks: 2 }, { transactions: 0, invalid: 0, blocks: 0 }]);
  assert.equal(top, 10);
  assert.deepEqual(bars[0], { x: 6, width: 38, valid: 50, invalid: 50, blocks: 20 });
  assert.deepEqual(bars[1], { x: 56, width: 38, valid: 0, invalid: 0, blocks: 0 });
});

test('nothing at all is an empty field', () => {
  assert.deepEqual(barsOf([]), { top: 1, bars: [] });
});
