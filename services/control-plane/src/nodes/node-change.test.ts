import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@guildhall/resources';
import { changeOf, makesAnotherPod, withChange, withoutChange } from './node-change.ts';
import { changeNodeInput } from './node-input.ts';

const spec: Node['spec'] = { member: 'core', role: 'peer', version: '3.1', resources: { memory: '1Gi' }, storage: { size: '10Gi', className: 'fast' }, exposure: 'Local' };
const wish = (fields: object) => changeNodeInput.parse({ consortium: 'trial', member: 'core', name: 'peer0', ...fields });

test('what is so already is no change, however it is written', () => {
  assert.deepEqual(changeOf(wish({ memory: '1024Mi', storage: '10240Mi', version: '3.1' }), spec), {});
  assert.deepEqual(changeOf(wish({ memory: '2Gi', cpu: '500m' }), spec), { memory: '2Gi', cpu: '500m' });
});

test('a larger volume alone needs no other process', () => {
  assert.ok(!makesAnotherPod({ storage: '20Gi' }));
  assert.ok(makesAnotherPod({ storage: '20Gi', cpu: '1' }));
});

test('nothing else changes', () => {
  assert.deepEqual(withChange(spec, { cpu: '500m', storage: '20Gi' }), { ...spec, resources: { memory: '1Gi', cpu: '500m' }, storage: { size: '20Gi', className: 'fast' } });
  const { resources: _, ...without } = spec;
  assert.deepEqual(withChange(without, { storage: '20Gi' }), { ...without, storage: { size: '20Gi', className: 'fast' } });
});

test('what is taken back is what was changed, but not the size of the volume, and not what others changed since', () => {
  const change = { cpu: '500m', storage: '20Gi' };
  const changed = withChange(spec, change);
  assert.deepEqual(withoutChange(changed, change, spec), { ...spec, storage: { size: '20Gi', className: 'fast' } });
  assert.deepEqual(withoutChange({ ...changed, resources: { cpu: '500m', memory: '4Gi' } }, change, spec).resources, { memory: '4Gi' });
  assert.deepEqual(withoutChange({ ...changed, resources: { cpu: '2' } }, change, spec).resources, { cpu: '2' }, 'somebody gave it more since');
  assert.deepEqual(withoutChange({ ...changed, resources: { memory: '1Gi' } }, change, spec).resources, { memory: '1Gi' }, 'somebody took it away since');
  assert.deepEqual(withoutChange({ ...spec, resources: { cpu: '0.5' } }, { cpu: '500m' }, spec).resources, undefined, 'the same, written otherwise');
  assert.equal(withoutChange(spec, { version: 'other' as '3.1' }, { version: 'former' as '3.1' }).version, '3.1', 'it was never written, or another one since');
  assert.deepEqual(withoutChange({ ...spec, resources: { memory: '2Gi' } }, { memory: '2Gi' }, { version: '3.1' }).resources, undefined, 'it had none');
});
