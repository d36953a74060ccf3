import assert from 'node:assert/strict';
import test from 'node:test';
import type { Pod } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import { lifecycleOf } from './endpoints.ts';
import { service } from './service.ts';

const node = (exposure: Node['spec']['exposure']): Node => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'orderer0', namespace: 'gh-trade--acme' },
  spec: { member: 'acme', role: 'orderer', version: '3.1', storage: { size: '1Gi' }, exposure },
});
const labels = { 'guildhall.dev/node': 'orderer0', 'app.kubernetes.io/managed-by': 'guildhall' };
const pod = (deletionTimestamp?: string): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orderer0-0', labels, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) }, spec: { containers: [] } });
const leadsTo = (exposure: Node['spec']['exposure'], found: Pod | undefined): boolean =>
  Object.entries(service(node(exposure), labels, found).spec?.selector ?? {}).every(([key, value]) => pod().metadata.labels?.[key] === value);

test('a Service leads to its pod until that is to end, and to the next one as soon as the former has gone', () => {
  assert.deepEqual([pod(), pod('2026-01-01T00:00:00Z'), undefined].map((found) => leadsTo('ClusterDNS', found)), [true, false, true]);
});

test('a pod that is to end stays until nobody is sent to it any more; on one machine there is no need', () => {
  assert.ok((lifecycleOf(node('NodePort')).lifecycle?.preStop?.sleep?.seconds ?? 0) > 0);
  assert.deepEqual(lifecycleOf(node('Local')), {});
  assert.equal(leadsTo('Local', pod('2026-01-01T00:00:00Z')), true);
});
