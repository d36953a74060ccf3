import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptedLedger } from '../../test/scripted-ledger.ts';
import { indexedBlock } from './index-rows.ts';
import { remainder } from './remainder.ts';

const ledger = createScriptedLedger();
const chain = Array.from({ length: 6 }, () => indexedBlock(ledger.add('u'), new Date(), true));
const at = (nextBlock: number) => ({ nextBlock, lastHash: chain[nextBlock - 1]?.summary.hash ?? null });
const numbers = (from: number, to: number, nextBlock: number) => remainder(chain.slice(from, to), at(nextBlock))?.map(({ summary }) => summary.number);

test('blocks that follow are written, of others only what is left', () => {
  assert.deepEqual(numbers(0, 3, 0), [0, 1, 2]);
  assert.deepEqual(numbers(2, 4, 2), [2, 3]);
  assert.deepEqual(numbers(1, 4, 3), [3], 'another process has written some of them');
  assert.deepEqual(numbers(1, 3, 3), []);
  assert.deepEqual(numbers(1, 3, 5), [], 'the other one is ahead');
});

test('a gap, or blocks of another ledger, are not written', () => {
  assert.equal(numbers(3, 4, 2), undefined);
  const other = { nextBlock: 3, lastHash: new Uint8Array(32) };
  assert.equal(remainder(chain.slice(3), other), undefined);
  assert.equal(remainder(chain.slice(1), other), undefined);
});
