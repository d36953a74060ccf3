import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageClassProblems } from './storage-classes.ts';

const wished = [{ path: 'members[0].nodes[0].storageClass', storageClass: undefined }, { path: 'members[0].nodes[1].storageClass', storageClass: 'local-retain' }, { path: 'members[1].nodes[0].storageClass', storageClass: 'fast' }];

test('where nobody can make a storage class, one that is not there is refused at its place', () => {
  const problems = storageClassProblems(['local', 'local-retain'], wished);
  assert.deepEqual(problems.map(({ code, path, nextAction }) => [code, path, nextAction]), [['INVALID_INPUT', 'members[1].nodes[0].storageClass', 'name one of local, local-retain, or leave it out']]);
  assert.match(problems[0]?.message ?? '', /there is no storage class "fast" here, and none can be made/);
});

test('where somebody can, a node may wait for it', () => {
  assert.deepEqual(storageClassProblems(undefined, wished), []);
});
