import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithView } from './compare-with-view.ts';
import { consortiumOf, ownerOf, type ClusterObject } from './cluster-view.ts';

const object = (name: string, uid: string, resourceVersion: string, namespace = 'gh-trade--core', kind = 'Node'): ClusterObject => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind, metadata: { namespace, name, uid, resourceVersion }, spec: {},
});
const row = (name: string, uid: string, version: string) => ({ kind: 'Node', namespace: 'gh-trade--core', name, uid, resource_version: version });
const names = (rows: readonly { name: string }[]): string[] => rows.map(({ name }) => name);

test('rows and objects that say the same need nothing', () => {
  assert.deepEqual(compareWithView([row('a', 'u1', '5')], [object('a', 'u1', '5')]), { behind: [], rowless: [], doubtful: [] });
});

test('a row that is older is behind; versions compare as numbers', () => {
  const { behind, rowless, doubtful } = compareWithView([row('old', 'u1', '9')], [object('old', 'u1', '10'), object('new', 'u2', '1')]);
  assert.deepEqual(behind.map((each) => each.metadata.name), ['old']);
  assert.deepEqual(rowless.map((each) => each.metadata.name), ['new']);
  assert.deepEqual(doubtful, []);
});

test('a row without an object, of another object of the same name, or newer than the view, is doubtful', () => {
  const { behind, doubtful } = compareWithView(
    [row('gone', 'u1', '5'), row('replaced', 'u2', '5'), row('ahead', 'u3', '50')],
    [object('replaced', 'u9', '7'), object('ahead', 'u3', '7')],
  );
  assert.deepEqual(names(doubtful), ['gone', 'replaced', 'ahead']);
  assert.deepEqual(behind, []);
});

test('where an object is decides whose it is, not its labels', () => {
  const labelled: ClusterObject = { ...object('peer0', 'u1', '1'), metadata: { namespace: 'gh-trade--core', name: 'peer0', labels: { 'guildhall.dev/consortium': 'other', 'guildhall.dev/member': 'bank' } } };
  assert.deepEqual(ownerOf(labelled), { consortium: 'trade', member: 'core' });
  assert.equal(consortiumOf(object('trade', 'u', '1', 'gh-trade', 'Consortium')), 'trade');
  assert.equal(consortiumOf(object('other', 'u', '1', 'gh-trade', 'Consortium')), undefined);
  assert.equal(consortiumOf(object('x', 'u', '1', 'default')), undefined);
  assert.equal(consortiumOf(object('x', 'u', '1', `gh-${'a'.repeat(40)}`)), undefined);
  assert.deepEqual(compareWithView([], [object('x', 'u', '1', 'default')]).rowless, []);
});
