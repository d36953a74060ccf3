import assert from 'node:assert/strict';
import { configMaps } from '@guildhall/kubernetes';
import { consortium } from '@guildhall/resources';
import { specs } from '../samples.ts';
import { anyType, refusal, scenario, type Scenario } from './scenario.ts';

const consortia = anyType(consortium.type);
const maps = anyType(configMaps);

/** What the user `limited` may do: see limitedRules. */
export const access: Scenario[] = [
  scenario('whoever has no token, or a wrong one, is nobody', async (cluster) => {
    const { status, body } = await cluster.request('GET', '/apis/guildhall.dev/v1alpha1/consortia', { user: 'nobody' });
    assert.deepEqual([status, body['reason'], body['message']], [401, 'Unauthorized', 'Unauthorized']);
  }),

  scenario('what a rule allows is allowed where it holds, and nowhere else', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const [allowed, other] = [await cluster.namespace('gh-allowed'), await cluster.namespace()];
    for (const namespace of [allowed, other]) await admin.create(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] });
    assert.equal((await limited.list(consortia, { namespace: allowed })).items.length, 1);
    assert.ok(await limited.get(consortia, { namespace: allowed, name: 'trade' }));
    await assert.rejects(limited.get(consortia, { namespace: other, name: 'trade' }),
      refusal(403, 'Forbidden', new RegExp(`consortia\\.guildhall\\.dev "trade" is forbidden: User "limited" cannot get resource "consortia" in API group "guildhall\\.dev" in the namespace "${other}"`)));
    await assert.rejects(limited.list(consortia), refusal(403, 'Forbidden', /cannot list resource "consortia" in API group "guildhall\.dev" at the cluster scope/));
    await assert.rejects(limited.delete(consortia, { namespace: allowed, name: 'trade' }), refusal(403, 'Forbidden', /cannot delete resource/));
  }),

  scenario('what is refused is refused before it is known whether it is there', async (cluster) => {
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace();
    await assert.rejects(limited.get(consortia, { namespace, name: 'none' }), refusal(403, 'Forbidden'));
    await assert.rejects(limited.create(maps, { metadata: { name: 'a', namespace: 'no-such-namespace' } }), refusal(403, 'Forbidden'));
  }),

  scenario('to apply what is not there needs the right to create it', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace('gh-allowed');
    await assert.rejects(limited.apply(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] }), refusal(403, 'Forbidden', /cannot create resource "consortia"|cannot patch resource "consortia"/));
    await admin.apply(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] });
    await limited.apply(consortia, { metadata: { name: 'trade', namespace, labels: { a: 'b' } } });
    await limited.apply(maps, { metadata: { name: 'new', namespace }, data: { a: 'b' } });
  }),

  scenario('the status is a resource of its own', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace('gh-allowed');
    const ref = { name: 'trade', namespace };
    await admin.create(consortia, { metadata: ref, spec: specs['Consortium'] });
    await limited.applyStatus(consortia, { metadata: ref, status: { summary: 'x' } });
    const nodes = anyType({ ...consortium.type, kind: 'Node', plural: 'nodes' });
    await admin.create(nodes, { metadata: ref, spec: specs['Node'] });
    await assert.rejects(limited.applyStatus(nodes, { metadata: ref, status: { version: '3' } }), refusal(403, 'Forbidden', /cannot patch resource "nodes\/status" in API group "guildhall\.dev"/));
  }),
];
