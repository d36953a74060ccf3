import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContest } from './contest.ts';

function contest() {
  let now = 0;
  return { ...createContest(10_000, () => now), pass: (ms: number) => void (now += ms) };
}

test('what was undone right after it was written is left alone for the pause, and then written again', () => {
  const { isOn, wrote, pass } = contest();
  assert.ok(!isOn('gh-trade', 'closed'), 'nothing was written yet');
  wrote('gh-trade', 'closed');
  pass(9_999);
  assert.ok(isOn('gh-trade', 'closed'));
  pass(1);
  assert.ok(!isOn('gh-trade', 'closed'));
  wrote('gh-trade', 'closed');
  assert.ok(isOn('gh-trade', 'closed'), 'each time anew');
});

test('another wish, and another place, need not wait', () => {
  const { isOn, wrote } = contest();
  wrote('gh-trade', 'closed');
  assert.ok(!isOn('gh-trade', 'open to one more'));
  assert.ok(!isOn('gh-other', 'closed'));
});

test('a place that is gone is forgotten: one that is made again under its name need not wait', () => {
  const { isOn, wrote, forget } = contest();
  wrote('gh-trade', 'closed');
  forget('gh-trade');
  assert.ok(!isOn('gh-trade', 'closed'));
});
