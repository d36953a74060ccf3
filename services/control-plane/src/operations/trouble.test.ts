import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noTrouble, troubleAfter, troubleSince } from './trouble.ts';

/** What each look finds, at its second. @returns since which second there is trouble, at the last look */
function lasting(...looks: [second: number, reason: string][]): number | undefined {
  const at = (second: number): Date => new Date(second * 1000);
  let kept = noTrouble;
  for (const [second, reason] of looks) kept = troubleAfter(kept, reason, at(second));
  const since = troubleSince(kept, at(looks.at(-1)?.[0] ?? 0));
  return since && since.getTime() / 1000;
}

test('a trouble begins when it is first seen, not with what was waited for before, and lasts while there is any', () => {
  assert.equal(lasting([0, 'WaitingForTurn'], [600, 'InsufficientResources']), 600);
  assert.equal(lasting([600, 'InsufficientResources'], [601, 'InsufficientResources'], [700, 'CrashLooping']), 600);
  assert.equal(lasting([0, 'WaitingForTurn'], [600, 'WaitingForPod']), undefined);
});

test('one that is gone and comes back begins anew; one that is gone for a moment only lasts', () => {
  assert.equal(lasting([0, 'QuotaExceeded'], [100, 'WaitingForTurn'], [200, 'QuotaExceeded']), 200);
  assert.equal(lasting([0, 'CrashLooping'], [100, 'WaitingForPod'], [110, 'CrashLooping'], [200, 'WaitingForPod'], [210, 'CrashLooping']), 0, 'it ran for ten seconds each time');
  assert.equal(lasting([0, 'QuotaExceeded'], [100, 'WaitingForTurn'], [130, 'WaitingForPod'], [170, 'QuotaExceeded']), 170, 'gone for another reason is gone');
  assert.equal(lasting([0, 'QuotaExceeded'], [100, 'WaitingForTurn'], [170, 'WaitingForPod']), undefined);
});

test('what is said of every object is no trouble', () => {
  assert.equal(lasting([0, 'constructor']), undefined);
});
