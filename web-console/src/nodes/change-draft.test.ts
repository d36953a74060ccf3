import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOfChange, keptLimit } from './change-draft.ts';

const node = { consortium: 'trade', member: 'bank', name: 'peer0' };
const standing = { cpu: '', memory: '512Mi', storage: '10Gi' };

test('what is as it was, or left empty, is not sent', () => {
  assert.deepEqual(inputOfChange(node, { ...standing, memory: '1Gi ' }, standing), { ...node, memory: '1Gi' });
  assert.equal(inputOfChange(node, { ...standing, memory: '' }, standing), undefined);
  assert.equal(inputOfChange(node, standing, standing), undefined);
  assert.deepEqual(inputOfChange(node, { cpu: '500m', memory: '512Mi', storage: ' ' }, standing), { ...node, cpu: '500m' }, 'an emptied volume beside another change');
});

test('a limit whose field is emptied stays; where there is none, and of a volume, there is nothing to say', () => {
  const emptied = { cpu: '', memory: ' ', storage: '' };
  assert.deepEqual((['cpu', 'memory', 'storage'] as const).map((field) => keptLimit(field, emptied, standing)), [undefined, '512Mi', undefined]);
  assert.equal(keptLimit('memory', { ...standing, memory: '1Gi' }, standing), undefined);
});
