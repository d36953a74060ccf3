import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClusterObject } from '../projections/cluster-view.ts';
import type { StepOutcome } from './operation.ts';
import { judgeReadiness, mayEndWaiting, whyLeft, type ReadinessContext } from './readiness.ts';

const now = new Date('2026-01-01T01:00:00Z');
const context: ReadinessContext = { operationId: 'op', startedAt: new Date('2026-01-01T00:59:00Z'), now };
const ref = { kind: 'Node', namespace: 'gh-a--b', name: 'peer0' };

const object = (condition: { type: string; generation?: number; since?: string; reason?: string; message?: string } | undefined, operation = 'op', generation = 2): ClusterObject => ({
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'Node',
  metadata: { namespace: ref.namespace, name: ref.name, generation, annotations: { 'guildhall.dev/operation': operation } },
  spec: {},
  status: condition && {
    conditions: [{ type: condition.type, status: 'True', reason: condition.reason ?? condition.type, message: condition.message ?? 'so it is', observedGeneration: condition.generation ?? generation, lastTransitionTime: condition.since ?? '2026-01-01T00:00:00Z' }],
  },
});
/** Of a wait or an end. */
const messageOf = (outcome: StepOutcome): string => (outcome.kind === 'fail' ? '' : (outcome.message ?? ''));
const judge = (...objects: (ClusterObject | undefined)[]) => judgeReadiness('nodes', objects.map((each) => ({ ref, object: each })), context).outcome;

describe('readiness', () => {
  test('is done when every object is Ready for its spec', () => {
    assert.deepEqual(judge(object({ type: 'Ready' }), object({ type: 'Ready', generation: 3 })), { kind: 'done', message: '2 of 2 nodes ready' });
    assert.deepEqual(judge(), { kind: 'done', message: '0 of 0 nodes ready' });
  });

  test('waits for an object that speaks of an older spec', () => {
    const outcome = judge(object({ type: 'Ready', generation: 1 }));
    assert.equal(outcome.kind, 'wait');
    assert.match(messageOf(outcome), /0 of 1 nodes ready; Node gh-a--b\/peer0: its controller has not looked at it yet/);
  });

  test('does not take an older form of an object, seen by a watch that is behind, for what was written', () => {
    const outcome = judge(object({ type: 'Ready', generation: 1 }, 'an earlier operation', 1));
    assert.equal(outcome.kind, 'wait');
    assert.match(messageOf(outcome), /what was written is not seen yet/);
    assert.equal(judge(object({ type: 'Stalled', generation: 1 }, 'an earlier operation', 1)).kind, 'wait');
  });

  test('says of an object that is not there that it is not there', () => {
    assert.match(messageOf(judge(undefined)), /Node gh-a--b\/peer0: it is not there/);
  });

  test('waits out a short stall, and fails with a long one, naming the object and what to do', () => {
    assert.equal(judge(object({ type: 'Stalled', since: '2026-01-01T00:59:57Z' })).kind, 'wait');
    const outcome = judge(object({ type: 'Ready' }), object({ type: 'Stalled', reason: 'InvalidSpec', message: 'the peer is too small' }));
    assert.equal(outcome.kind, 'fail');
    assert.equal(outcome.reason, 'InvalidSpec');
    assert.equal(outcome.problem.message, 'Node gh-a--b/peer0: the peer is too small');
    assert.match(outcome.problem.nextAction, /retry the operation/);
  });

  test('does not wait for what needs something else that is stalled, and names that', () => {
    const waiting = { ref, object: object({ type: 'Reconciling', reason: 'WaitingForCommit', message: 'it waits' }) };
    const contract = { kind: 'Contract', namespace: 'gh-a', name: 'note' };
    const other = (since?: string) => ({ ref: contract, object: object({ type: 'Stalled', reason: 'InvalidSpec', message: 'the policy is wrong', ...(since === undefined ? {} : { since }) }) });
    const short = judgeReadiness('installations', [waiting], context, [other('2026-01-01T00:59:57Z')]);
    assert.equal(short.outcome.kind, 'wait');
    const long = judgeReadiness('installations', [waiting], context, [other()]);
    assert.equal(long.outcome.kind === 'fail' && long.outcome.problem.message, 'Contract gh-a/note: the policy is wrong');
    assert.equal(long.notReady.length, 2, 'a retry touches both');
  });

  test('does not wait for what comes later, nor cares for what others wrote', () => {
    const later = { ref: { kind: 'Contract', namespace: 'gh-a', name: 'note' }, object: object({ type: 'Reconciling' }) };
    const foreign = { ref: later.ref, object: object({ type: 'Stalled' }, 'an earlier operation') };
    const ready = { ref, object: object({ type: 'Ready' }) };
    assert.equal(judgeReadiness('nodes', [ready], context, [later, foreign]).outcome.kind, 'done');
    const waiting = { ref, object: object({ type: 'Reconciling' }) };
    const { outcome, notReady } = judgeReadiness('nodes', [waiting], context, [later, foreign]);
    assert.equal(outcome.kind, 'wait');
    assert.deepEqual(notReady, [waiting.object]);
  });

  test('gives what stalled before a retry the time to go on', () => {
    const stalled = { ref, object: object({ type: 'Stalled' }) };
    const justRetried = { ...context, startedAt: new Date(now.getTime() - 1000) };
    assert.equal(judgeReadiness('nodes', [stalled], justRetried).outcome.kind, 'wait');
    assert.equal(judgeReadiness('nodes', [stalled], context).outcome.kind, 'fail');
  });
});

test('of what is left of a deletion it is told what it waits for', () => {
  const left = object({ type: 'Reconciling' });
  assert.equal(whyLeft(left), 'Node gh-a--b/peer0', 'nobody has begun yet');
  const deleting: ClusterObject = {
    ...left,
    metadata: { ...left.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Deleting', message: 'Waiting until its pod has ended.', observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  };
  assert.equal(whyLeft(deleting), 'Node gh-a--b/peer0: Waiting until its pod has ended.');
});

test('only what becomes ready, stalled, marked or gone may end the waiting; other words may come late', () => {
  const waits = (message: string): ClusterObject => ({ ...object(undefined), status: { conditions: [{ type: 'Ready', status: 'False', reason: 'WaitingForPod', message, observedGeneration: 2 }] } });
  const up = object({ type: 'Ready' });
  const may = (old: ClusterObject | undefined, now: ClusterObject, deleted = false): boolean => mayEndWaiting({ old, object: now, deleted });
  assert.equal(may(undefined, waits('soon')), false);
  assert.equal(may(waits('soon'), waits('sooner')), false);
  assert.equal(may(waits('soon'), up), true);
  assert.equal(may(undefined, up), true);
  assert.equal(may(waits('soon'), object({ type: 'Stalled' })), true);
  assert.equal(may(up, object({ type: 'Ready' }, 'another operation')), true);
  assert.equal(may(up, up, true), true);
});
