import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf, searchOf } from './transaction-filter.ts';

test('a filter is in the address, and comes back out of it', () => {
  const filter = { contract: 'receivable', member: 'bank', key: 'a&b=c\u0000', valid: false };
  assert.deepEqual(filterOf(new URLSearchParams(searchOf(filter))), filter);
  assert.deepEqual(filterOf(new URLSearchParams()), {});
  assert.deepEqual(searchOf({}), {});
});

test('a key without its contract, and what is neither true nor false, do not filter', () => {
  assert.deepEqual(filterOf(new URLSearchParams('key=x&valid=perhaps&member=')), {});
  assert.deepEqual(searchOf({ key: 'x' }), {});
});
