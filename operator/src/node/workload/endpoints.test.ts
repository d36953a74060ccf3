import assert from 'node:assert/strict';
import test from 'node:test';
import { apiErrorOf, type KubernetesClient, type Pod, type pods } from '@guildhall/kubernetes';
import { labels as labelNames, type Node } from '@guildhall/resources';
import { lifecycleOf, withdraw } from './endpoints.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';

const node = (exposure: Node['spec']['exposure']): Node => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'orderer0', namespace: 'gh-trade--acme' },
  spec: { member: 'acme', role: 'orderer', version: '3.1', storage: { size: '1Gi' }, exposure },
});
const labels = { [labelNames.node]: 'orderer0', [labelNames.managedBy]: 'guildhall' };
const setOf = (of: Node) => statefulSet({ node: of, settings: { role: 'orderer', id: 'acme/orderer0', mspId: 'AcmeMSP', host: 'orderer0', profile: 'production' }, image: 'image', labels, materialDigest: '' }).spec;
const definite = (found: Record<string, string | undefined> = {}): Record<string, string> => found as Record<string, string>;
/** As its StatefulSet makes it. */
const made = (of: Node, uid = 'one'): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orderer0-0', namespace: 'gh-trade--acme', uid, labels: definite(setOf(of)?.template?.metadata?.labels) }, spec: { containers: [] } });
const toEnd = (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });

/** Whether the Services lead to one pod when the last that was seen is another. */
const leadsTo = (of: Node, pod: Pod, seen: Pod | undefined): boolean =>
  Object.entries(service(of, labels, seen).spec?.selector ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value);

/** A server with one pod, as far as patches go. */
function server(pod: Pod) {
  let there = pod;
  let patches = 0;
  const client = {
    async mergePatch(_type: typeof pods, _ref: object, { metadata: { uid, labels: changes } }: { metadata: { uid: string; labels: Record<string, null> } }) {
      patches += 1;
      if (there.metadata.uid !== uid) throw apiErrorOf(422, { reason: 'Invalid', message: 'metadata.uid: field is immutable', details: { causes: [{ field: 'metadata.uid', reason: 'FieldValueInvalid', message: 'field is immutable' }] } }, 'patch Pod');
      there = { ...there, metadata: { ...there.metadata, labels: Object.fromEntries(Object.entries(there.metadata.labels ?? {}).filter(([key]) => !(key in changes))) } };
      return there;
    },
  } as unknown as Pick<KubernetesClient, 'mergePatch'>;
  return { client, pod: () => there, patches: () => patches };
}

test('Services lead to a pod until it is to end, and to the next one from its first moment, whoever saw it', async () => {
  const of = node('ClusterDNS');
  const { client, pod } = server(toEnd(made(of)));
  assert.equal(leadsTo(of, pod(), pod()), true);
  await withdraw(client, pod());
  for (const seen of [undefined, pod(), made(of)]) {
    assert.deepEqual([leadsTo(of, pod(), seen), leadsTo(of, made(of), seen)], [false, true]);
  }
  assert.equal(leadsTo(of, { ...pod(), metadata: { ...pod().metadata, labels: definite(setOf(of)?.selector?.matchLabels) } }, undefined), false, 'its StatefulSet has it still');
});

test('a pod from before this label is led to until it is to end', () => {
  const of = node('ClusterDNS');
  const older: Pod = { ...made(of), metadata: { ...made(of).metadata, labels } };
  assert.deepEqual([leadsTo(of, older, older), leadsTo(of, older, toEnd(older)), leadsTo(of, made(of), toEnd(older))], [true, false, true]);
});

test('a pod that runs and one that was withdrawn are left alone', async () => {
  const of = node('ClusterDNS');
  const running = server(made(of));
  for (const seen of [undefined, running.pod()]) await withdraw(running.client, seen);
  assert.deepEqual([running.patches(), leadsTo(of, running.pod(), running.pod())], [0, true]);
  const ending = server(toEnd(made(of)));
  for (let pass = 0; pass < 3; pass += 1) await withdraw(ending.client, ending.pod());
  assert.equal(ending.patches(), 1);
});

test('a pod that another has followed meanwhile is no trouble; what else the server refuses is', async () => {
  const of = node('ClusterDNS');
  const { client, pod } = server(made(of, 'two'));
  await withdraw(client, toEnd(made(of)));
  assert.equal(leadsTo(of, pod(), pod()), true);
  const refusing = { mergePatch: () => Promise.reject(apiErrorOf(422, { reason: 'Invalid', message: 'a webhook says no' }, 'patch Pod')) };
  await assert.rejects(withdraw(refusing, toEnd(made(of))), /a webhook says no/);
});

test('a pod that is to end stays until nobody is sent to it any more; on one machine there is no need', () => {
  assert.ok((lifecycleOf(node('NodePort')).lifecycle?.preStop?.sleep?.seconds ?? 0) > 0);
  const local = node('Local');
  assert.deepEqual([lifecycleOf(local), made(local).metadata.labels], [{}, labels]);
  assert.equal(leadsTo(local, made(local), toEnd(made(local))), true);
});
