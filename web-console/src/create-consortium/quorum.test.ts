import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indispensable, majorityOf, orderingAdvice, survivedLosses } from './quorum.ts';

test('Raft survives what leaves a majority up', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(survivedLosses), [0, 0, 0, 1, 1, 2, 2, 3]);
  for (let count = 1; count < 30; count += 1) {
    assert.ok(count - survivedLosses(count) >= majorityOf(count));
    assert.ok(count - survivedLosses(count) - 1 < majorityOf(count), 'and no more');
  }
});

test('one orderer and even numbers are worth a word', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(orderingAdvice), ['none', 'single', 'even', 'fine', 'even', 'fine']);
});

test('a member is indispensable when the others’ orderers are no majority', () => {
  assert.deepEqual(indispensable(new Map([['a', 1], ['b', 1], ['c', 1]])), []);
  assert.deepEqual(indispensable(new Map([['a', 3], ['b', 0], ['c', 0]])), ['a']);
  assert.deepEqual(indispensable(new Map([['a', 2], ['b', 1]])), ['a']);
  assert.deepEqual(indispensable(new Map([['a', 1], ['b', 1]])), ['a', 'b']);
});
