import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore } from './create-store.ts';
import type { Batch, Journal, Store } from './store.ts';

const thing = (name: string, more: object = {}) => ({ metadata: { name, namespace: 'n' }, ...more });
const put = (store: Store, name: string, more: object = {}) => store.write((transaction) => transaction.put('things', thing(name, more)));
const names = (objects: readonly object[] | undefined) => objects?.map((object) => (object as ReturnType<typeof thing>).metadata.name);

/** A journal that keeps batches when it is told to. */
function slowJournal() {
  const batches: Batch[] = [];
  const waiting: (() => void)[] = [];
  let refuse = false;
  const journal: Journal = {
    load: async () => ({ revision: 0, objects: [] }),
    revision: async () => batches.at(-1)?.to ?? 0,
    append: (batch) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          if (refuse) reject(new Error('away'));
          else {
            batches.push(batch);
            resolve();
          }
        });
      }),
  };
  return { journal, batches, refuse: (value: boolean) => void (refuse = value), keep: () => waiting.shift()?.(), pending: () => waiting.length };
}

test('every write has a revision of its own, and is told in the same tick', async () => {
  const store = createStore();
  let told = 0;
  store.subscribe('things', () => (told += 1));
  const written = put(store, 'a');
  assert.equal(told, 1);
  assert.equal(store.revision(), 1);
  await written;
  await store.write((transaction) => {
    transaction.put('things', thing('b'));
    transaction.remove('things', 'n', 'a');
  });
  assert.equal(store.revision(), 3);
  assert.deepEqual(store.eventsSince('things', 1)?.map(({ type, revision }) => `${type} ${revision}`), ['ADDED 2', 'DELETED 3']);
  assert.equal(told, 2, 'once for a transaction');
});

test('a list can be read as it was, as far as history reaches', async () => {
  const store = createStore({ history: 3 });
  for (const name of ['a', 'b']) await put(store, name);
  const before = store.revision();
  await store.write((transaction) => transaction.remove('things', 'n', 'a'));
  await put(store, 'c');
  assert.deepEqual(names(store.listAt('things', before)), ['a', 'b']);
  assert.deepEqual(names(store.list('things')), ['b', 'c']);
  for (let index = 0; index < 10; index++) await put(store, 'd', { index });
  assert.equal(store.listAt('things', before), undefined);
  assert.equal(store.eventsSince('things', before), undefined);
  store.compact();
  assert.deepEqual(store.eventsSince('things', store.revision()), []);
  assert.equal(store.eventsSince('things', store.revision() - 1), undefined);
});

test('what is not durable yet is seen by later writes, and by nobody else', async () => {
  const { journal, keep, batches, pending } = slowJournal();
  const store = createStore({ journal });
  const first = put(store, 'a');
  const second = store.write((transaction) => {
    assert.deepEqual(names(transaction.list('things', 'n')), ['a']);
    return transaction.put('things', thing('b'));
  });
  const third = put(store, 'c');
  assert.deepEqual(store.list('things'), []);
  assert.equal(pending(), 1);
  keep();
  await first;
  assert.deepEqual(names(store.list('things')), ['a']);
  keep();
  await Promise.all([second, third]);
  assert.deepEqual(batches.map(({ from, to }) => [from, to]), [[0, 1], [1, 3]], 'what came meanwhile went together');
});

test('when the journal fails, everything that stood on it falls, and its revisions are given again', async () => {
  const { journal, keep, refuse } = slowJournal();
  const store = createStore({ journal });
  refuse(true);
  const writes = [put(store, 'a'), put(store, 'b')];
  const settled = Promise.allSettled(writes);
  keep();
  assert.deepEqual((await settled).map(({ status }) => status), ['rejected', 'rejected']);
  assert.deepEqual([store.revision(), store.list('things').length], [0, 0]);
  refuse(false);
  const next = put(store, 'c');
  await new Promise(setImmediate);
  keep();
  assert.equal((await next)['metadata'] !== undefined && store.revision(), 1);
});

test('objects are frozen to their leaves', async () => {
  const store = createStore();
  const stored = await put(store, 'a', { spec: { list: [{ x: 1 }] } });
  assert.throws(() => void ((stored as unknown as { spec: { list: { x: number }[] } }).spec.list[0]!.x = 2), TypeError);
});
