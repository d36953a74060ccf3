import assert from 'node:assert/strict';
import test from 'node:test';
import type { Inspection } from '@guildhall/fabric';
import type { PodState } from '../workload/pod-state.ts';
import { healthOf, type Health } from './health.ts';

const running: PodState = { kind: 'running', instance: '1', ready: true, restarts: 0 };
const shown = (change: Partial<Inspection>): Inspection => ({ healthy: false, contact: 'answers', why: 'because', channels: [], ...change });
const before = (state: Health['state']): Health => ({ state, message: '', since: '2026-01-01T00:00:00Z' });
const now = Date.parse('2026-01-02T00:00:00Z');
const stateOf = (pod: PodState, inspection?: Inspection, previous?: Health): Health['state'] => healthOf(pod, inspection, previous, now).state;

test('a process that has just begun is starting, one that listened before and does not now is unreachable', () => {
  const unreachable = shown({ contact: 'unreachable' });
  assert.equal(stateOf(running), 'Starting');
  for (const previous of [undefined, before('Starting'), before('Ended')]) assert.equal(stateOf(running, unreachable, previous), 'Starting');
  for (const state of ['Healthy', 'Unhealthy', 'Unreachable'] as const) assert.equal(stateOf(running, unreachable, before(state)), 'Unreachable');
});

test('silence is never taken for a start', () => {
  assert.equal(stateOf(running, shown({ contact: 'silent' })), 'Unreachable');
});

test('what the node says of itself, and what the cluster says of its process', () => {
  assert.equal(stateOf(running, shown({ healthy: true })), 'Healthy');
  assert.deepEqual(healthOf(running, shown({}), before('Healthy'), now), { state: 'Unhealthy', message: 'because', since: '2026-01-02T00:00:00Z' });
  assert.equal(stateOf({ kind: 'ended', restarts: 1, reason: 'CrashLooping', message: 'again' }, shown({ healthy: true })), 'Ended', 'an answer of the former process does not count');
  assert.equal(stateOf({ kind: 'pending', reason: 'WaitingForPod', message: '' }), 'Starting');
});

test('a state that goes on keeps its beginning', () => {
  assert.equal(healthOf(running, shown({ healthy: true }), before('Healthy'), now).since, '2026-01-01T00:00:00Z');
});
