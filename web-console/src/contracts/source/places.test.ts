import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOf } from './places.ts';

const text = 'const a = 1;\nDate.now();\n';

test('a problem covers the word at its place', () => {
  assert.deepEqual(rangeOf(text, { line: 2, column: 1 }), { from: 13, to: 17 });
  assert.deepEqual(rangeOf(text, { line: 1, column: 7 }), { from: 6, to: 7 });
});

test('a place that is not there any more is moved into the text', () => {
  for (const place of [{ line: 99, column: 99 }, { line: null, column: null }, { line: 0, column: 0 }]) {
    const { from, to } = rangeOf(text, place);
    assert.ok(from >= 0 && from <= to && to <= text.length);
  }
  assert.deepEqual(rangeOf('', { line: 3, column: 3 }), { from: 0, to: 0 });
});
