import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearPattern } from './linear-pattern.ts';

test('the patterns that contracts are written with are checked', () => {
  const cases: [pattern: string, right: string, wrong: string][] = [
    ['^[A-Z]{3}$', 'CNY', 'cny'],
    ['^[1-9][0-9]{0,15}$', '100', '0'],
    ['^[A-Za-z0-9][A-Za-z0-9._:-]*$', 'n:1', ':n'],
    [String.raw`^\d{4}-\d{2}$`, '2030-06', '2030-6'],
    [String.raw`^a\.b?$`, 'a.', 'ab'],
  ];
  for (const [pattern, right, wrong] of cases) assert.deepEqual([linearPattern(pattern)?.test(right), linearPattern(pattern)?.test(wrong)], [true, false], pattern);
});

test('a pattern means what it means to the contract', () => {
  assert.equal(linearPattern(String.raw`^\p{L}+$`)?.test('ab'), true);
  assert.equal(linearPattern(String.raw`^[\u{61}-\u{62}]$`)?.test('b'), true);
  assert.equal(linearPattern('^.$')?.test('😀'), true);
});

test('a pattern that may go back over the text, and one that is none, is left to the contract', () => {
  const others = ['^(a+)+$', '^(a|a)*$', '^a*a*$', '^a*b$', '^a?b?$', '^a{1,9}b$', 'a*$', '^a*', '^a|b$', String.raw`^(a)\1$`, String.raw`^\1$`, '^(?=a)a$', '^a*?$', '(', '^[b-a]$', '^[a$', String.raw`^\p{Nothing}$`, `^${'a'.repeat(300)}$`, '['.repeat(1e5)];
  for (const pattern of others) assert.equal(linearPattern(pattern), undefined, pattern.slice(0, 20));
});
