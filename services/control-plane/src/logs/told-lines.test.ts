import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createToldLines, type ToldLines } from './told-lines.ts';

const read = (told: ToldLines, ...lines: string[]): string[] => lines.flatMap(told.again());
const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

test('of a log that is read again only what has come since is new', () => {
  const told = createToldLines(5);
  assert.deepEqual(read(told, ...numbered(0, 3)), numbered(0, 3));
  assert.deepEqual(read(told, ...numbered(0, 3)), []);
  assert.deepEqual(read(told, ...numbered(0, 5)), numbered(3, 5));
  assert.deepEqual(read(told, ...numbered(2, 7)), numbered(5, 7));
  assert.deepEqual(read(told, ...numbered(7, 9)), numbered(7, 9), 'more came than is remembered: the log goes on there');
});

test('the log of another process is new from its first line', () => {
  const told = createToldLines(5);
  read(told, 'started', 'works', 'panic');
  assert.deepEqual(read(told, 'another start', 'works'), ['another start', 'works']);
});

test('lines that repeat one another are told as often as they came', () => {
  const told = createToldLines(10);
  assert.deepEqual(read(told, 'a', 'a', 'b', 'a'), ['a', 'a', 'b', 'a']);
  assert.deepEqual(read(told, 'a', 'a', 'b', 'a', 'a', 'c'), ['a', 'c']);
  const again = told.again();
  assert.deepEqual(['a', 'a', 'b', 'a', 'a', 'c'].flatMap(again), []);
  assert.deepEqual(again('c'), ['c']);
});

test('what is told while a reading goes on is remembered for the next', () => {
  const told = createToldLines(3);
  const first = told.again();
  for (const line of numbered(0, 10)) assert.deepEqual(first(line), [line]);
  assert.deepEqual(read(told, ...numbered(8, 11)), ['line 10']);
});
