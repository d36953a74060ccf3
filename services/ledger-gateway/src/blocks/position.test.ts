import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whereToGoOn } from './position.ts';

test('reading goes on at the first peer that has the block that was read last', () => {
  assert.deepEqual(whereToGoOn(['behind', 'silent', 'same', 'same']), { at: 2 });
});

test('a ledger is another one only when every peer says so', () => {
  assert.equal(whereToGoOn(['behind', 'other']), 'changed');
  assert.equal(whereToGoOn(['behind', 'silent']), 'wait');
  assert.equal(whereToGoOn([]), 'wait');
});
