import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatchOf } from './merge-patch.ts';

test('a patch names what differs and nothing else', () => {
  const from = { version: '3.1', resources: { cpu: '1', memory: '1Gi' }, storage: { size: '10Gi', className: 'fast' }, list: [1, 2] };
  assert.deepEqual(mergePatchOf(from, structuredClone(from)), {});
  assert.deepEqual(mergePatchOf(from, { ...from, resources: { cpu: '1', memory: '2Gi' }, storage: { size: '20Gi', className: 'fast' } }), { resources: { memory: '2Gi' }, storage: { size: '20Gi' } });
  assert.deepEqual(mergePatchOf(from, { ...from, list: [1] }), { list: [1] }, 'a list is one value');
});

test('what is to go is null, and what is new comes whole', () => {
  assert.deepEqual(mergePatchOf({ resources: { cpu: '1', memory: '1Gi' } }, { resources: { memory: '1Gi' } }), { resources: { cpu: null } });
  assert.deepEqual(mergePatchOf({ resources: { cpu: '1' } }, {}), { resources: null });
  assert.deepEqual(mergePatchOf({}, { resources: { cpu: '1' } }), { resources: { cpu: '1' } });
});
