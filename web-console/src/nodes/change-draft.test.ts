import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOfChange } from './change-draft.ts';

const node = { consortium: 'trade', member: 'bank', name: 'peer0' };
const standing = { cpu: '', memory: '512Mi', storage: '10Gi' };

test('what is as it was, or left empty, is not sent', () => {
  assert.deepEqual(inputOfChange(node, { ...standing, memory: '1Gi ' }, standing), { ...node, memory: '1Gi' });
  assert.equal(inputOfChange(node, { ...standing, memory: '' }, standing), undefined);
  assert.equal(inputOfChange(node, standing, standing), undefined);
});
