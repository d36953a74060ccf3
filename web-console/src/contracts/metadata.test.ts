import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receivable } from '../../../contracts/receivable/src/receivable.ts';
import { createContract } from '../../../contracts/base/src/index.ts';
import { readMetadata } from './metadata.ts';

test('what a template says about itself is read', () => {
  const { describe } = createContract({ ...receivable, version: '1.0.0' });
  const metadata = readMetadata(JSON.parse(describe()) as unknown);
  assert.equal(metadata?.code, 'RCV');
  const confirm = metadata.operations.find(({ name }) => name === 'Confirm');
  assert.deepEqual([confirm?.type, confirm?.kind, confirm?.transitions], ['write', 'note', [{ from: 'ISSUED', to: 'HELD' }]]);
  assert.deepEqual(metadata.operations.find(({ name }) => name === 'Issue')?.transitions, [{ from: null, to: 'ISSUED' }]);
  assert.ok(metadata.kinds.some(({ states }) => states.some(({ final }) => final)));
});

test('what is of another form is not', () => {
  for (const value of [null, 'x', [], {}, { interface: 2, operations: [] }, { interface: 1 }]) assert.equal(readMetadata(value), undefined);
});

test('a part of another form is left out, the rest is read', () => {
  assert.deepEqual(readMetadata({ interface: 1, operations: [7, { name: 'A', type: 'other' }, { name: 'B', type: 'read' }] })?.operations.map(({ name }) => name), ['B']);
});
