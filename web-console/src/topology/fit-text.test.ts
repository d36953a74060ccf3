import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitText } from './fit-text.ts';

test('a text that has room stays as it is; another one is cut off with a mark', () => {
  assert.equal(fitText('Harbour Bank', { width: 160, fontSize: 14 }), 'Harbour Bank');
  const cut = fitText('x'.repeat(200), { width: 160, fontSize: 14 });
  assert.match(cut, /^x{15,20}…$/);
});

test('Chinese is wider, and no character is cut in two', () => {
  assert.equal(fitText('北方银行股份有限公司', { width: 80, fontSize: 14 }), '北方银行…');
  assert.equal(fitText('👩🏽👩🏽👩🏽', { width: 30, fontSize: 14 }).isWellFormed(), true);
});
