import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError, type KubernetesClient, type PersistentVolumeClaim } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Node } from '@guildhall/resources';
import { createVolumeGrowth, volumeOf } from './growth.ts';

const node = (size: string): Node => ({ apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace: 'n', uid: 'u' }, spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size }, exposure: 'Local' } });
const claim = (request: string, capacity = request, phase: 'Bound' | 'Pending' = 'Bound'): PersistentVolumeClaim => ({
  apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-peer0-0', namespace: 'n', uid: 'c' },
  spec: { resources: { requests: { storage: request } } }, status: { phase, capacity: { storage: capacity } },
});

function growth(refusal?: string) {
  const clock = createFakeClock();
  const asked: unknown[] = [];
  const client = {
    async mergePatch(_type: unknown, _ref: unknown, patch: { spec: object }) {
      asked.push(patch.spec);
      if (refusal !== undefined) throw new ApiError(403, 'Forbidden', refusal);
      return {};
    },
  } as unknown as Pick<KubernetesClient, 'mergePatch'>;
  return { clock, asked, ...createVolumeGrowth(client, clock) };
}

test('a claim is asked to grow when it asks for less than the node, whatever the size is written in', async () => {
  const { ensure, asked } = growth();
  for (const [size, now] of [['2Gi', claim('2Gi')], ['2048Mi', claim('2Gi')], ['2Gi', claim('3Gi')], ['1Gi', claim('1100M')], ['2Gi', claim('1Gi', '1Gi', 'Pending')], ['2Gi', undefined]] as const) await ensure(node(size), now);
  assert.deepEqual(asked, []);
  assert.equal(await ensure(node('2048Mi'), claim('1Gi')), undefined);
  assert.deepEqual(asked, [{ resources: { requests: { storage: '2Gi' } } }]);
});

test('a refusal is told, and tried again once a minute', async () => {
  const { ensure, asked, clock } = growth('the storageclass must support resize');
  assert.match((await ensure(node('2Gi'), claim('1Gi'))) ?? '', /must support resize/);
  assert.match((await ensure(node('2Gi'), claim('1Gi'))) ?? '', /must support resize/);
  assert.equal(asked.length, 1);
  await clock.advance(60_000);
  await ensure(node('2Gi'), claim('1Gi'));
  assert.equal(asked.length, 2);
});

test('until the volume is as large as asked, the node says what it waits for or what a person is to do', () => {
  assert.equal(volumeOf(node('2Gi'), claim('2Gi'), undefined), undefined);
  assert.equal(volumeOf(node('2Gi'), undefined, undefined), undefined);
  assert.deepEqual(volumeOf(node('2Gi'), claim('2Gi', '1Gi'), undefined), { growing: 'The claim data-peer0-0 is to grow from 1Gi to 2Gi; the cluster has not done it yet.' });
  const refused = volumeOf(node('2Gi'), claim('1Gi'), 'no.');
  assert.match(refused !== undefined && 'refused' in refused ? refused.refused : '', /stays at 1Gi instead of 2Gi.*allowVolumeExpansion/);
});
