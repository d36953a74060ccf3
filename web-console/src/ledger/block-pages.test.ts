import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOfPage, newerPage, olderPage, pageOf } from './block-pages.ts';

test('pages go on where the one before ended, down to the first block', () => {
  assert.equal(olderPage(undefined, 45), 25);
  assert.equal(olderPage(25, 45), 5);
  assert.equal(olderPage(5, 45), undefined);
  assert.equal(olderPage(undefined, 19), undefined, 'block 0 is on the newest page already');
  assert.equal(olderPage(undefined, 20), 0);
});

test('the way back ends with the newest, live', () => {
  assert.equal(newerPage(5, 45), 25);
  assert.equal(newerPage(25, 45), undefined);
});

test('a page begins with its number', () => {
  assert.deepEqual(blocksOfPage('id', 19), { channel: 'id', first: 20, after: '20' });
  assert.equal(pageOf('19'), 19);
  for (const text of [null, '', '-1', '1e3', 'x', '12345678901']) assert.equal(pageOf(text), undefined);
});
