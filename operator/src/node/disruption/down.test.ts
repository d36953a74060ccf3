import assert from 'node:assert/strict';
import test from 'node:test';
import type { ContainerStatus, Pod } from '@guildhall/kubernetes';
import { isDown } from './down.ts';

const now = Date.parse('2026-01-01T00:01:00Z');
const pod = (container?: Partial<ContainerStatus>, notReadySince?: string): Pod => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer0-0' }, spec: { containers: [] },
  status: {
    ...(container === undefined ? {} : { containerStatuses: [{ name: 'peer', ready: notReadySince === undefined, restartCount: 0, ...container }] }),
    conditions: [notReadySince === undefined ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', lastTransitionTime: notReadySince }],
  },
});
const [justNow, long] = ['2026-01-01T00:00:58Z', '2026-01-01T00:00:40Z'];
const running = { state: { running: { startedAt: '2026-01-01T00:00:00Z' } } };

test('a pod that is not there, or whose process never ran, is down', () => {
  assert.equal(isDown(undefined, now), true);
  assert.equal(isDown(pod(undefined, justNow), now), true);
  assert.equal(isDown(pod({ state: { waiting: { reason: 'ImagePullBackOff' } } }, justNow), now), true);
});

test('a process that ran is down when its pod has not been ready for long, whatever it does now', () => {
  const ended = { state: { terminated: { exitCode: 1 } } };
  const looping = { restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended.state };
  for (const container of [running, ended, looping]) assert.deepEqual([isDown(pod(container, justNow), now), isDown(pod(container, long), now)], [false, true], JSON.stringify(container));
  assert.equal(isDown(pod(running), now), false);
});
