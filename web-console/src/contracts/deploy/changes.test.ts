import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf } from './changes.ts';

test('files that are the same are not told of; the others by what became of them', () => {
  const before = { entry: 'v1.ts', files: [{ path: 'v1.ts', text: '1' }, { path: 'same.ts', text: 's' }, { path: 'note.ts', text: 'a' }] };
  const after = { entry: 'v2.ts', files: [{ path: 'v2.ts', text: '2' }, { path: 'same.ts', text: 's' }, { path: 'note.ts', text: 'b' }] };
  assert.deepEqual(changesOf(before, after).map(({ path, kind }) => `${path} ${kind}`), ['note.ts changed', 'v1.ts removed', 'v2.ts added']);
});
