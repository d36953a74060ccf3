import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createForgotten } from './forgotten.ts';

test('what was deleted is remembered, the latest of it', () => {
  const forgotten = createForgotten(2);
  for (const uid of ['a', 'b', 'c']) forgotten.add(uid);
  assert.deepEqual(['a', 'b', 'c'].map((uid) => forgotten.has(uid)), [false, true, true]);
});
