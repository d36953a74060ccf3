import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerReference, revisionLabel, type Pod, type StatefulSet } from '@guildhall/kubernetes';
import { decide, revisionOf, statusOf } from './stateful-set.ts';

const set: StatefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'peer', namespace: 'gh', uid: 'set-1', generation: 3 },
  spec: {
    serviceName: 'peer',
    selector: { matchLabels: { app: 'peer' } },
    template: { metadata: { labels: { app: 'peer' } }, spec: { containers: [{ name: 'main', image: 'sh' }] } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
  },
};
const withSpec = (change: Partial<StatefulSet['spec']>): StatefulSet => ({ ...set, spec: { ...set.spec, ...change } });
const pod = (change: Partial<Pod['metadata']> = {}, ready = false): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'peer-0', namespace: 'gh', uid: 'pod-1', labels: { [revisionLabel]: revisionOf(set) }, ownerReferences: [ownerReference(set)], ...change },
  spec: set.spec.template.spec,
  ...(ready ? { status: { conditions: [{ type: 'Ready', status: 'True' as const }] } } : {}),
});
const claims = new Set(['data-peer-0']);
const none: ReadonlySet<string> = new Set();

test('first the claims, then the pod, then nothing', () => {
  const first = decide({ set, pod: undefined, claims: none }, 'local');
  assert.partialDeepStrictEqual(first, { kind: 'create-claim', claim: { metadata: { name: 'data-peer-0', namespace: 'gh', labels: { app: 'peer' } } } });
  const second = decide({ set, pod: undefined, claims }, 'local');
  assert.partialDeepStrictEqual(second, {
    kind: 'create-pod',
    pod: {
      metadata: { name: 'peer-0', labels: { app: 'peer', [revisionLabel]: revisionOf(set) } },
      spec: { hostname: 'peer-0', subdomain: 'peer', nodeName: 'local', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-peer-0' } }] },
    },
  });
  assert.deepEqual(decide({ set, pod: pod(), claims }, 'local'), { kind: 'rest' });
});

test('a changed template replaces the pod, unless the set says not to; so does no replica', () => {
  const changed = withSpec({ template: { spec: { containers: [{ name: 'main', image: 'other' }] } } });
  assert.equal(decide({ set: changed, pod: pod(), claims }, 'local').kind, 'delete-pod');
  assert.equal(decide({ set: { ...changed, spec: { ...changed.spec, updateStrategy: { type: 'OnDelete' } } }, pod: pod(), claims }, 'local').kind, 'rest');
  assert.equal(decide({ set: withSpec({ replicas: 0 }), pod: pod(), claims }, 'local').kind, 'delete-pod');
  assert.equal(decide({ set: withSpec({ replicas: 0 }), pod: undefined, claims: none }, 'local').kind, 'rest');
});

test('a change outside the template leaves the pod alone, and so does the order of its fields', () => {
  const { containers } = set.spec.template.spec;
  const reordered = withSpec({ template: { spec: { containers: containers.map(({ name, image = '' }) => ({ image, name })) }, metadata: { labels: { app: 'peer' } } }, minReadySeconds: 1 });
  assert.deepEqual(decide({ set: reordered, pod: pod(), claims }, 'local'), { kind: 'rest' });
});

test('it waits for a pod that is being deleted, and says when a pod is in its way', () => {
  assert.deepEqual(decide({ set, pod: pod({ deletionTimestamp: '2026-01-01T00:00:00Z' }), claims }, 'local'), { kind: 'wait' });
  assert.match(warning(decide({ set, pod: pod({ ownerReferences: [] }), claims }, 'local')), /pod peer-0 does not belong/);
  assert.match(warning(decide({ set: withSpec({ replicas: 3 }), pod: undefined, claims }, 'local')), /one replica, not of 3/);
});

test('a set that is being deleted makes nothing new', () => {
  const deleted = { ...set, metadata: { ...set.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  assert.deepEqual(decide({ set: deleted, pod: undefined, claims: none }, 'local'), { kind: 'rest' });
});

test('the status counts the pod, whether it is ready, and whether it is of the newest template', () => {
  const revision = revisionOf(set);
  assert.deepEqual(statusOf({ set, pod: pod({}, true), claims }), {
    observedGeneration: 3, replicas: 1, readyReplicas: 1, availableReplicas: 1, currentReplicas: 1, updatedReplicas: 1, currentRevision: revision, updateRevision: revision,
  });
  assert.partialDeepStrictEqual(statusOf({ set, pod: pod({ labels: { [revisionLabel]: 'old' } }, true), claims }), { readyReplicas: 1, updatedReplicas: 0, currentRevision: 'old' });
  assert.partialDeepStrictEqual(statusOf({ set, pod: undefined, claims }), { replicas: 0, readyReplicas: 0 });
});

function warning(step: ReturnType<typeof decide>): string {
  return step.kind === 'wait' ? (step.warning ?? '') : '';
}
