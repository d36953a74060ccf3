import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from './format.ts';
import { preferredLanguage } from './languages.ts';

const options = { now: () => new Date('2026-03-04T12:00:00Z'), timeZone: 'UTC' };
const en = createFormat('en', options);
const zh = createFormat('zh', options);

test('durations have tenths of a second at first, and two units at most', () => {
  assert.equal(en.duration(0), '0.0s');
  assert.equal(en.duration(6400), '6.4s');
  assert.equal(en.duration(9960), '10s');
  assert.equal(en.duration(125_000), '2m 5s');
  assert.equal(en.duration(59_999), '1m', 'never 60 seconds');
  assert.equal(en.duration(3 * 86_400_000 + 7_200_000 + 60_000), '3d 2h');
  assert.equal(zh.duration(125_000), '2分钟 5秒');
});

test('a time of today is told without the day', () => {
  assert.equal(en.time('2026-03-04T09:08:07Z'), '09:08:07');
  assert.match(en.time('2026-03-03T09:08:07Z'), /3 Mar 2026/);
  assert.match(zh.time('2026-03-03T09:08:07Z'), /2026年3月3日/);
});

test('amounts are written as the language does', () => {
  assert.equal(en.number(1234567), '1,234,567');
  for (const format of [en, zh]) assert.deepEqual([0, 7, 999, 1000, -1, 0.5].map(format.number), ['0', '7', '999', '1,000', '-1', '0.5']);
  assert.equal(en.megabytes(850), '850 MB');
  assert.equal(en.megabytes(1650), '1.7 GB');
  assert.equal(en.list(['a', 'b', 'c']), 'a, b and c');
  assert.equal(en.oneOf(['a', 'b']), 'a or b');
  assert.equal(zh.list(['甲', '乙']), '甲和乙');
  assert.equal(['One.', 'Two.'].join(en.gap), 'One. Two.');
  assert.equal(['一。', '二。'].join(zh.gap), '一。二。');
});

test('the language is the one chosen, else the first of the browser’s that there is, else English', () => {
  assert.equal(preferredLanguage('zh', ['en-US']), 'zh');
  assert.equal(preferredLanguage('xx', ['fr', 'zh-Hans-CN', 'en']), 'zh');
  assert.equal(preferredLanguage(null, ['fr']), 'en');
});
