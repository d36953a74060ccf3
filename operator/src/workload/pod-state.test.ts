import assert from 'node:assert/strict';
import test from 'node:test';
import type { ContainerStatus, PersistentVolumeClaim, Pod } from '@guildhall/kubernetes';
import { podState } from './pod-state.ts';

const container = (change: Partial<ContainerStatus>): ContainerStatus => ({ name: 'peer', ready: false, restartCount: 0, ...change });
const pod = (status: ContainerStatus | undefined, more: NonNullable<Pod['status']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'peer0-0', uid: 'u' },
  spec: { containers: [] },
  status: { phase: 'Pending', ...more, ...(status ? { containerStatuses: [status] } : {}) },
});
const told = (...args: Parameters<typeof podState>): string => {
  const state = podState(...args);
  return state.kind === 'running' ? `running ${state.instance}` : `${state.kind} ${state.reason}`;
};

test('each process is another instance', () => {
  const running = { state: { running: { startedAt: '2026-01-01T00:00:00Z' } } };
  assert.notEqual(told(pod(container(running))), told(pod(container({ ...running, restartCount: 1 }))));
});

test('why a pod does not run is told in reasons of ours', () => {
  const claim: PersistentVolumeClaim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-peer0-0' }, spec: {}, status: { phase: 'Pending' } };
  const waiting = (reason: string) => pod(container({ state: { waiting: { reason, message: 'why' } } }));
  assert.equal(told(undefined), 'absent WaitingForPod');
  assert.equal(told(waiting('ErrImagePull')), 'pending ProgramMissing');
  assert.equal(told(waiting('PortTaken')), 'pending AddressInUse');
  assert.equal(told(waiting('ContainerCreating')), 'pending WaitingForPod');
  assert.equal(told(pod(undefined), claim), 'pending WaitingForVolume');
  assert.equal(told(pod(undefined, { conditions: [{ type: 'PodScheduled', status: 'False', message: 'no memory' }] })), 'pending InsufficientResources');
});

test('an end is told with how it came, and many ends as a loop', () => {
  const ended = podState(pod(container({ state: { terminated: { exitCode: 137, signal: 9 } } })));
  assert.equal(ended.kind === 'ended' && ended.message, 'The process ended by signal 9. It is started again.');
  const looping = podState(pod(container({ restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1, message: 'no such file' } } })));
  assert.equal(looping.kind === 'ended' && looping.reason, 'CrashLooping');
  assert.match(looping.kind === 'ended' ? looping.message : '', /ended 4 times .*exit code 1: "no such file"/);
});
