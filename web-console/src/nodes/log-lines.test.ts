import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownLevel, withLines } from './log-lines.ts';

const line = (text: string) => ({ at: null, level: null, text });

test('lines keep their numbers when others come and the oldest are forgotten', () => {
  const first = withLines([], [line('a'), line('b')], 3);
  assert.deepEqual(first.map(({ number, text }) => `${number} ${text}`), ['0 a', '1 b']);
  assert.deepEqual(withLines(first, [line('c'), line('d')], 3).map(({ number, text }) => `${number} ${text}`), ['1 b', '2 c', '3 d']);
});

test('a level that is not known is none', () => {
  assert.equal(knownLevel('warn'), 'warn');
  assert.equal(knownLevel('panic'), undefined);
  assert.equal(knownLevel(null), undefined);
});
