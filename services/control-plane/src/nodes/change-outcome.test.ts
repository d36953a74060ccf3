import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '@guildhall/resources';
import { changeOutcome } from './change-outcome.ts';

const startedAt = new Date(0);
const outcomeOf = (reason: Reason, seconds: number, attempt = 1) => changeOutcome({ kind: 'wait', reason, message: '0 of 1 nodes ready', retryAfterMs: 5000 }, { attempt, startedAt, now: new Date(seconds * 1000) }).kind;

test('a volume that the cluster does not let grow fails at once, and after a retry when it has been asked again', () => {
  assert.equal(outcomeOf('VolumeNotGrown', 1), 'fail');
  assert.deepEqual([outcomeOf('VolumeNotGrown', 30, 2), outcomeOf('VolumeNotGrown', 71, 2)], ['wait', 'fail']);
});

test('a trouble that may pass is waited for, but not for ever', () => {
  assert.deepEqual([outcomeOf('InsufficientResources', 60), outcomeOf('InsufficientResources', 301)], ['wait', 'fail']);
  assert.deepEqual([outcomeOf('CrashLooping', 60), outcomeOf('CrashLooping', 301)], ['wait', 'fail']);
});

test('whose turn has not come, or whose volume is still growing, waits as long as it takes', () => {
  assert.deepEqual([outcomeOf('WaitingForTurn', 10_000), outcomeOf('WaitingForVolume', 10_000), outcomeOf('WaitingForPod', 10_000)], ['wait', 'wait', 'wait']);
  assert.deepEqual(changeOutcome({ kind: 'done' }, { attempt: 1, startedAt, now: startedAt }), { kind: 'done' });
});
