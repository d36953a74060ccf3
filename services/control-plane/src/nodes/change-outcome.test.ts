import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, Reason } from '@guildhall/resources';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { changeOutcome, grown } from './change-outcome.ts';
import type { NodeChange } from './node-change.ts';

const startedAt = new Date(0);
/** @param since the second at which the trouble began; with the step unless it is said */
const ofChange = (reason: Reason, seconds: number, { attempt = 1, since = 0, change = { storage: '20Gi' } }: { attempt?: number; since?: number; change?: NodeChange } = {}) =>
  changeOutcome({ kind: 'wait', reason, message: '0 of 1 nodes ready', retryAfterMs: 5000 }, change, { attempt, startedAt, troubleSince: new Date(since * 1000), now: new Date(seconds * 1000) });
const outcomeOf = (reason: Reason, seconds: number, attempt = 1) => ofChange(reason, seconds, { attempt }).kind;

test('a volume that the cluster does not let grow fails at once, and after a retry when it has been asked again', () => {
  assert.equal(outcomeOf('VolumeNotGrown', 1), 'fail');
  assert.deepEqual([outcomeOf('VolumeNotGrown', 30, 2), outcomeOf('VolumeNotGrown', 71, 2)], ['wait', 'fail']);
});

test('a trouble that may pass is waited for, but not for ever', () => {
  assert.deepEqual([outcomeOf('InsufficientResources', 60), outcomeOf('InsufficientResources', 301)], ['wait', 'fail']);
  assert.deepEqual([outcomeOf('CrashLooping', 60), outcomeOf('CrashLooping', 301)], ['wait', 'fail']);
});

test('who has waited ten minutes for its turn and is in trouble for a second waits; it fails when the trouble has lasted', () => {
  assert.deepEqual([601, 899, 900].map((second) => ofChange('InsufficientResources', second, { since: 600 }).kind), ['wait', 'wait', 'fail']);
  const first = changeOutcome({ kind: 'wait', reason: 'QuotaExceeded', message: '', retryAfterMs: 5000 }, {}, { attempt: 1, startedAt, troubleSince: undefined, now: new Date(600_000) });
  assert.equal(first.kind, 'wait', 'the first look at it');
});

test('what a cancellation gives back is said as it is', () => {
  const next = (change: NodeChange): string => {
    const outcome = ofChange('CrashLooping', 301, { change });
    return outcome.kind === 'fail' ? outcome.problem.nextAction : '';
  };
  assert.match(next({ memory: '1Gi', storage: '20Gi' }), /or cancel it, and all but the size is as it was$/);
  assert.match(next({ memory: '1Gi' }), /or cancel it, and all is as it was$/);
});

test('whose turn has not come, or whose volume is still growing, waits as long as it takes', () => {
  assert.deepEqual([outcomeOf('WaitingForTurn', 10_000), outcomeOf('WaitingForVolume', 10_000), outcomeOf('WaitingForPod', 10_000)], ['wait', 'wait', 'wait']);
  assert.deepEqual(changeOutcome({ kind: 'done' }, {}, { attempt: 1, startedAt, troubleSince: undefined, now: startedAt }), { kind: 'done' });
});

test('a node that is ready has what was asked for unless it says that its volume is refused', () => {
  const node = (...degraded: Reason[]): ClusterObject => ({
    apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { namespace: 'gh-a--b', name: 'peer0' }, spec: {},
    status: { conditions: degraded.map((reason): Condition => ({ type: 'Degraded', status: 'True', reason, message: 'the claim stays at 1Gi', lastTransitionTime: '2026-01-01T00:00:00Z' })) },
  });
  const done = { kind: 'done' } as const;
  assert.deepEqual([grown(done, node()), grown(done, node('BehindOthers'))], [done, done]);
  assert.deepEqual(grown(done, node('VolumeNotGrown')), { kind: 'wait', reason: 'VolumeNotGrown', message: 'Node gh-a--b/peer0: the claim stays at 1Gi', retryAfterMs: 5000 });
});
