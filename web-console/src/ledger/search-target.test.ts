import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchTarget } from './search-target.ts';

test('a transaction is looked for by its id, a block by its number, a key by anything else', () => {
  const id = 'a1'.repeat(32);
  assert.deepEqual(searchTarget(` ${id.toUpperCase()}\n`), { kind: 'transaction', id });
  assert.deepEqual(searchTarget('0'), { kind: 'block', number: 0 });
  assert.deepEqual(searchTarget('42'), { kind: 'block', number: 42 });
  assert.deepEqual(searchTarget('note-17'), { kind: 'key', key: 'note-17' });
  assert.deepEqual(searchTarget('   '), { kind: 'nothing' });
});

test('a number that no block can have is a key', () => {
  assert.deepEqual(searchTarget('2147483647'), { kind: 'block', number: 2_147_483_647 });
  assert.deepEqual(searchTarget('2147483648'), { kind: 'key', key: '2147483648' });
  assert.deepEqual(searchTarget('-1'), { kind: 'key', key: '-1' });
});
