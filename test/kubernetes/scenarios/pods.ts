import assert from 'node:assert/strict';
import { pods as podType } from '@guildhall/kubernetes';
import { eventually, scenario } from '../../conformance/scenarios/scenario.ts';
import { localImage } from '../../support/kubernetes/containerd.ts';

/** What needs containers that run. */
export const pods = [
  scenario('a pod runs, tells its log to who may read it, and ends', async (cluster) => {
    const namespace = await cluster.namespace('gh-roles');
    const client = cluster.client('tester');
    await eventually('its service account is there', async () => (await cluster.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`)).status === 200);
    await client.create(podType, { metadata: { name: 'idle', namespace }, spec: { automountServiceAccountToken: false, containers: [{ name: 'idle', image: localImage('pause') }] } });
    await eventually('it runs', async () => (await client.get(podType, { namespace, name: 'idle' }))?.status?.phase === 'Running');
    const log = await cluster.request('GET', `/api/v1/namespaces/${namespace}/pods/idle/log`, { user: 'controlPlane' });
    assert.equal(log.status, 200, JSON.stringify(log.body));
    await client.delete(podType, { namespace, name: 'idle' });
    await eventually('it is gone', async () => (await client.get(podType, { namespace, name: 'idle' })) === undefined);
  }),
];
