import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptedLedger } from '../../test/scripted-ledger.ts';
import { createTransactionLoader, transactionsAt } from './transactions-at.ts';

const ref = { consortium: 'trade', channel: 'goods', uid: 'u' };
const ledger = createScriptedLedger();
ledger.add('u');
for (const name of ['a', 'b', 'c']) ledger.add('u', { id: `${name}1` }, { id: `${name}2` });

test('transactions come in the order that was asked for, and each block is read once', async () => {
  const asked: number[] = [];
  const reader = { block: (_: unknown, number: number) => (asked.push(number), Promise.resolve(ledger.blocks.block(ref, number))) };
  const places = [{ block: 3, position: 1 }, { block: 1, position: 0 }, { block: 3, position: 0 }, { block: 9, position: 0 }, { block: 1, position: 7 }];
  assert.deepEqual(await transactionsAt(reader, ref, places, ({ transactionId }) => transactionId), ['c2', 'a1', 'c1', undefined, undefined]);
  assert.deepEqual(asked.toSorted((a, b) => a - b), [1, 3, 9]);
});

test('one that is not there any more fails alone', async () => {
  const loader = createTransactionLoader(ledger.blocks);
  const [found, gone] = await Promise.allSettled([loader.load({ ref, block: 1, position: 0 }), loader.load({ ref, block: 9, position: 0 })]);
  assert.equal(found.status, 'fulfilled');
  assert.match(String(gone.status === 'rejected' && gone.reason), /block 9 .* does not hold/);
});
