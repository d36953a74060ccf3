import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedByKind } from './counted-by-kind.ts';
import { operationStates, whyNoCancel, whyNoRetry } from './operation-state.ts';

test('only what failed is retried, and only what can be taken back is cancelled', () => {
  assert.deepEqual(operationStates.filter((state) => whyNoRetry({ state }) === undefined), ['failed']);
  assert.deepEqual(operationStates.filter((state) => whyNoCancel({ state, kind: 'createConsortium' }) === undefined), ['pending', 'running', 'waiting', 'failed']);
  assert.equal(whyNoCancel({ state: 'running', kind: 'deleteConsortium' }), 'deletion');
});

test('resources are counted by kind', () => {
  assert.deepEqual(countedByKind([{ kind: 'Node' }, { kind: 'Member' }, { kind: 'Node' }]), [{ kind: 'Node', count: 2 }, { kind: 'Member', count: 1 }]);
});
