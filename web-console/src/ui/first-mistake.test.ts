import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstMistake } from './first-mistake.ts';

interface Part {
  name: string;
  contains: (other: Part) => boolean;
  hasAttribute: (name: string) => boolean;
}
const control = (name: string): Part => ({ name, contains: (other) => other.name === name, hasAttribute: () => false });
const group = (name: string, ...parts: Part[]): Part => ({
  name,
  contains: (other) => other.name === name || parts.some((part) => part.contains(other)),
  hasAttribute: (attribute) => attribute === 'data-wrong',
});
const [amount, note] = [control('amount'), control('note')];

test('the first control that is wrong', () => {
  assert.equal(firstMistake([amount, note]), amount);
  assert.equal(firstMistake([]), undefined);
});

test('a group that is wrong as a whole, as a list with too few items, before controls after it', () => {
  const list = group('list');
  assert.equal(firstMistake([list, note]), list);
});

test('the control within a group, if it is what is wrong', () => {
  const inner = group('inner', amount);
  assert.equal(firstMistake([group('outer', inner), inner, amount, note]), amount);
});
