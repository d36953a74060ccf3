import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batches } from './batches.ts';

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

test('what is there comes in full batches', async () => {
  assert.deepEqual(await Array.fromAsync(batches(of(1, 2, 3, 4, 5), 2, () => 1)), [[1, 2], [3, 4], [5]]);
});

test('what comes later is not waited for', async () => {
  const gate = Promise.withResolvers<undefined>();
  async function* slow(): AsyncGenerator<string> {
    yield 'a';
    await gate.promise;
    yield 'b';
  }
  const all = batches(slow(), 10, () => 1);
  assert.deepEqual(await all.next(), { done: false, value: ['a'] });
  gate.resolve(undefined);
  assert.deepEqual(await all.next(), { done: false, value: ['b'] });
});

test('who stops ends the source, and its failure reaches the reader', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<number> {
    try {
      yield 1;
      throw new Error('it broke');
    } finally {
      ended = true;
    }
  }
  await assert.rejects(Array.fromAsync(batches(source(), 1, () => 1)), /it broke/);
  assert.ok(ended);
});
