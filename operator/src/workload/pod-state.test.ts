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
  assert.equal(told(waiting('ErrImageNeverPull')), 'pending ProgramMissing');
  const unplaced = (message: string) => pod(undefined, { conditions: [{ type: 'PodScheduled', status: 'False', message }] });
  assert.equal(told(pod(undefined), { claim }), 'pending WaitingForVolume');
  assert.equal(told(unplaced('no memory')), 'pending InsufficientResources');
  assert.equal(told(unplaced('no memory'), { claim }), 'pending InsufficientResources', 'a claim that waits for the pod’s place is not what is missing');
  assert.equal(told(unplaced('pod has unbound immediate PersistentVolumeClaims'), { claim }), 'pending WaitingForVolume');
});

test('an image that cannot be had is put right where it was chosen', () => {
  const pulling = pod(container({ image: 'registry.example/notary@sha256:ab', state: { waiting: { reason: 'ImagePullBackOff', message: 'unauthorized' } } }));
  const advice = (hints?: Parameters<typeof podState>[1]): string => {
    const state = podState(pulling, hints);
    return state.kind === 'pending' ? state.message : '';
  };
  assert.match(advice(), /^The image registry\.example\/notary@sha256:ab cannot be had: .*the operator's setting of it; .* ImagePullBackOff: "unauthorized"\.$/);
  assert.match(advice({ imageOf: 'operator' }), /the operator's setting of it/);
  const contract = advice({ imageOf: 'contract' });
  assert.match(contract, /spec\.image of the Contract.* pull secret .*ServiceAccount default/);
  assert.doesNotMatch(contract, /operator/);
});

test('what the cluster says of a pod that does not come is told', () => {
  const claim: PersistentVolumeClaim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-peer0-0' }, spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } };
  const word = (text: string, warns = true) => ({ word: { text, warns } });
  assert.equal(told(undefined, word('create Pod peer0-0 in StatefulSet peer0 failed error: pods "peer0-0" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2')), 'absent QuotaExceeded');
  const unbound = podState(pod(undefined), { claim, ...word('storageclass.storage.k8s.io "fast" not found') });
  assert.deepEqual(unbound.kind === 'pending' && [unbound.reason, /storage class fast.*not found/.test(unbound.message)], ['VolumeUnavailable', true]);
  assert.equal(told(pod(undefined), { claim, ...word('Waiting for a volume to be created', false) }), 'pending WaitingForVolume');
  assert.equal(told(pod(container({ state: { waiting: { reason: 'ContainerCreating' } } })), word('MountVolume.SetUp failed for volume "keys"')), 'pending Failed');
});

test('an end is told with how it came, and many ends as a loop', () => {
  const ended = podState(pod(container({ state: { terminated: { exitCode: 137, signal: 9 } } })));
  assert.equal(ended.kind === 'ended' && ended.message, 'The process ended by signal 9. It is started again.');
  const looping = podState(pod(container({ restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1, message: 'no such file' } } })));
  assert.equal(looping.kind === 'ended' && looping.reason, 'CrashLooping');
  assert.match(looping.kind === 'ended' ? looping.message : '', /ended 4 times .*exit code 1: "no such file"/);
});
