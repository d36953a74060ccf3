import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigMap } from '../core.ts';
import { cached } from './freeze.ts';
import { byLabel, byOwner } from './indexes.ts';
import { createStore, type Store } from './store.ts';

const object = (name: string, version: number, more: Partial<ConfigMap['metadata']> = {}): ConfigMap => ({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'one', uid: `uid-of-${name}`, resourceVersion: String(version), ...more },
});

const newStore = (): Store<ConfigMap> =>
  createStore<ConfigMap>({ owner: byOwner, colour: byLabel('colour') }, () => assert.fail('no index throws here'));

describe('the store of an informer', () => {
  it('says what changed', () => {
    const store = newStore();
    const first = object('a', 1);
    const second = object('a', 2);
    assert.deepEqual(store.put(first), [{ type: 'added', object: first }]);
    assert.deepEqual(store.put(second), [{ type: 'updated', object: second, old: first }]);
    assert.deepEqual(store.remove(object('a', 3)), [{ type: 'deleted', object: object('a', 3) }]);
    assert.deepEqual(store.remove(object('a', 3)), []);
  });

  it('is not moved by what it knows already or what is older, however events are repeated', () => {
    const store = newStore();
    store.put(object('a', 5));
    assert.deepEqual(store.put(object('a', 5)), []);
    assert.deepEqual(store.put(object('a', 4)), []);
    assert.deepEqual(store.remove(object('a', 4, { uid: 'predecessor' })), []);
    assert.equal(store.get('one', 'a')?.metadata.resourceVersion, '5');
  });

  it('takes another uid under the same name for a deletion and an addition', () => {
    const store = newStore();
    store.put(object('a', 1));
    assert.deepEqual(
      store.put(object('a', 7, { uid: 'another' })).map(({ type, object: { metadata } }) => [type, metadata.uid]),
      [['deleted', 'uid-of-a'], ['added', 'another']],
    );
  });

  it('infers deletions from a list, and believes a list whose versions went back', () => {
    const store = newStore();
    store.put(object('a', 8));
    store.put(object('b', 9));
    const changes = store.replace([object('b', 3), object('c', 4)]);
    assert.deepEqual(changes.map(({ type, object: { metadata }, finalStateUnknown }) => [type, metadata.name, finalStateUnknown]), [
      ['deleted', 'a', true], ['updated', 'b', undefined], ['added', 'c', undefined],
    ]);
    assert.equal(store.get('one', 'b')?.metadata.resourceVersion, '3');
  });

  it('finds by namespace and by index, and keeps both true over changes', () => {
    const store = newStore();
    const owned = { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'owner' }] };
    store.put(object('a', 1, { labels: { colour: 'red' }, ...owned }));
    store.put(object('b', 2, { labels: { colour: 'red' }, namespace: 'two' }));
    const names = (objects: ConfigMap[]): string[] => objects.map(({ metadata }) => metadata.name);
    assert.deepEqual(names(store.byIndex('colour', 'red')), ['a', 'b']);
    assert.deepEqual(names(store.byIndex('owner', 'owner')), ['a']);
    assert.deepEqual(names(store.list('two')), ['b']);
    store.put(object('a', 3, { labels: { colour: 'blue' } }));
    store.remove(object('b', 4, { namespace: 'two' }));
    assert.deepEqual(names(store.byIndex('colour', 'red')), []);
    assert.deepEqual(names(store.byIndex('colour', 'blue')), ['a']);
    assert.deepEqual(names(store.byIndex('owner', 'owner')), []);
    assert.deepEqual(names(store.list('two')), []);
    assert.deepEqual(names(store.list()), ['a']);
    assert.throws(() => store.byIndex('weight', '1'), /there is no index weight/);
  });

  it('reports an index function that throws and keeps the object', () => {
    const reported: string[] = [];
    const store = createStore<ConfigMap>({ broken: () => assert.fail('a bug') }, (index) => reported.push(index));
    store.put(object('a', 1));
    assert.deepEqual(reported, ['broken']);
    assert.ok(store.get('one', 'a'));
  });
});

describe('a cached object', () => {
  it('is frozen at every depth and has no managedFields', () => {
    const kept = cached({ ...object('a', 1), data: { key: 'value' }, metadata: { ...object('a', 1).metadata, labels: {}, managedFields: [{}] } });
    assert.equal('managedFields' in kept.metadata, false);
    assert.throws(() => (kept.data['key'] = 'other'), TypeError);
    assert.throws(() => (kept.metadata.labels = { a: 'b' }), TypeError);
  });
});
