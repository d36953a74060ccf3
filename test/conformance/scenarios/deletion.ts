import assert from 'node:assert/strict';
import { configMaps, namespaces, pods, secrets } from '@guildhall/kubernetes';
import { consortium, node } from '@guildhall/resources';
import { specs } from '../samples.ts';
import { anyType, eventually, pathOf, refusal, scenario, type Scenario, type Thing } from './scenario.ts';

const maps = anyType(configMaps);
const consortia = anyType(consortium.type);
const nodes = anyType(node.type);
const finalizer = 'guildhall.dev/cleanup';

const ownedBy = (owner: Thing, more: object = {}) => ({ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid!, ...more });

export const deletion: Scenario[] = [
  scenario('what is owned goes with its owner, and what that owns', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const owner = await client.create(consortia, { metadata: { name: 'owner', namespace }, spec: specs['Consortium'] });
    const child = await client.create(nodes, { metadata: { name: 'child', namespace, ownerReferences: [ownedBy(owner, { controller: true, blockOwnerDeletion: true })] }, spec: specs['Node'] });
    await client.create(maps, { metadata: { name: 'grandchild', namespace, ownerReferences: [ownedBy(child)] } });
    await client.create(secrets, { metadata: { name: 'stranger', namespace } });
    await client.delete(consortia, { namespace, name: 'owner' });
    await eventually('all are gone', async () => (await client.get(maps, { namespace, name: 'grandchild' })) === undefined && (await client.get(nodes, { namespace, name: 'child' })) === undefined);
    assert.ok(await client.get(secrets, { namespace, name: 'stranger' }));
  }),

  scenario('one living owner is enough', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const [one, two] = [await client.create(maps, { metadata: { name: 'one', namespace } }), await client.create(maps, { metadata: { name: 'two', namespace } })];
    await client.create(secrets, { metadata: { name: 'child', namespace, ownerReferences: [ownedBy(one), ownedBy(two)] } });
    await client.delete(maps, { namespace, name: 'one' });
    await eventually('the dead owner is forgotten', async () => (await client.get(secrets, { namespace, name: 'child' }))?.metadata.ownerReferences?.length === 1);
    await client.delete(maps, { namespace, name: 'two' });
    await eventually('it goes with the last', async () => (await client.get(secrets, { namespace, name: 'child' })) === undefined);
  }),

  scenario('what names an owner that is gone, or another of the same name, goes too', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const owner = await client.create(maps, { metadata: { name: 'owner', namespace } });
    await client.delete(maps, { namespace, name: 'owner' });
    await eventually('the owner is gone', async () => (await client.get(maps, { namespace, name: 'owner' })) === undefined);
    await client.create(maps, { metadata: { name: 'owner', namespace } });
    await client.create(secrets, { metadata: { name: 'late', namespace, ownerReferences: [ownedBy(owner)] } });
    await eventually('the late child is gone', async () => (await client.get(secrets, { namespace, name: 'late' })) === undefined);
  }),

  scenario('what comes to name an owner that is gone goes too', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const owner = await client.create(maps, { metadata: { name: 'owner', namespace } });
    await client.delete(maps, { namespace, name: 'owner' });
    await eventually('the owner is gone', async () => (await client.get(maps, { namespace, name: 'owner' })) === undefined);
    await client.create(secrets, { metadata: { name: 'child', namespace } });
    await client.mergePatch(secrets, { namespace, name: 'child' }, { metadata: { ownerReferences: [ownedBy(owner)] } });
    await eventually('the child is gone', async () => (await client.get(secrets, { namespace, name: 'child' })) === undefined);
  }),

  scenario('a pod that runs somewhere is marked, and goes when who runs it says so; one that runs nowhere goes at once', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const spec = { terminationGracePeriodSeconds: 7, containers: [{ name: 'c', image: 'i:1' }] };
    const path = (name: string): string => pathOf(pods, namespace, name);
    await client.create(pods, { metadata: { name: 'idle', namespace }, spec });
    await client.delete(pods, { namespace, name: 'idle' });
    assert.equal(await client.get(pods, { namespace, name: 'idle' }), undefined);

    await client.create(pods, { metadata: { name: 'busy', namespace }, spec: { ...spec, nodeName: 'somewhere' } });
    await client.delete(pods, { namespace, name: 'busy' });
    const { body: marked } = await cluster.request('GET', path('busy'));
    assert.ok(marked['metadata'].deletionTimestamp);
    assert.equal(marked['metadata'].deletionGracePeriodSeconds, 7);
    await client.delete(pods, { namespace, name: 'busy' });
    assert.ok(await client.get(pods, { namespace, name: 'busy' }));
    await cluster.request('DELETE', path('busy'), { body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 } });
    assert.equal(await client.get(pods, { namespace, name: 'busy' }), undefined);
  }, { isKubelet: true }),

  scenario('finalizers hold an object until the last is removed', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const ref = { namespace, name: 'held' };
    await client.create(nodes, { metadata: { ...ref, finalizers: [finalizer, `${finalizer}-2`] }, spec: specs['Node'] });
    const before = await client.get(nodes, ref);
    await client.delete(nodes, ref);
    const marked = await client.get(nodes, ref);
    assert.ok(marked?.metadata.deletionTimestamp);
    assert.equal(marked.metadata.generation, before!.metadata.generation! + 1);
    await client.delete(nodes, ref);
    assert.equal((await client.get(nodes, ref))?.metadata.deletionTimestamp, marked.metadata.deletionTimestamp);
    await client.applyStatus(nodes, { metadata: ref, status: { version: '3.1.0' } });
    await assert.rejects(client.mergePatch(nodes, ref, { metadata: { finalizers: [finalizer, 'guildhall.dev/new'] } }), refusal(422, 'Invalid', /no new finalizers can be added if the object is being deleted/));
    await client.mergePatch(nodes, ref, { metadata: { finalizers: [finalizer] } });
    assert.ok(await client.get(nodes, ref));
    await client.mergePatch(nodes, ref, { metadata: { finalizers: null } });
    assert.equal(await client.get(nodes, ref), undefined);
  }),

  scenario('an owner that a finalizer holds holds what it owns', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const owner = await client.create(nodes, { metadata: { name: 'owner', namespace, finalizers: [finalizer] }, spec: specs['Node'] });
    await client.create(maps, { metadata: { name: 'child', namespace, ownerReferences: [ownedBy(owner)] } });
    await client.delete(nodes, { namespace, name: 'owner' });
    assert.ok(await client.get(maps, { namespace, name: 'child' }));
    await client.mergePatch(nodes, { namespace, name: 'owner' }, { metadata: { finalizers: null } });
    await eventually('the child is gone', async () => (await client.get(maps, { namespace, name: 'child' })) === undefined);
  }),

  scenario('a namespace takes what is in it along, and waits for what a finalizer holds', async (cluster) => {
    const name = await cluster.namespace();
    const client = cluster.client('tester');
    await client.create(secrets, { metadata: { name: 'plain', namespace: name } });
    await client.create(nodes, { metadata: { name: 'held', namespace: name, finalizers: [finalizer] }, spec: specs['Node'] });
    await client.delete(namespaces, { name });
    await eventually('what is free is gone', async () => (await client.get(secrets, { namespace: name, name: 'plain' })) === undefined);
    assert.equal((await client.get(namespaces, { name }))?.status?.phase, 'Terminating');
    await assert.rejects(client.create(secrets, { metadata: { name: 'late', namespace: name } }), refusal(403, 'Forbidden', new RegExp(`unable to create new content in namespace ${name} because it is being terminated`)));
    await client.mergePatch(nodes, { namespace: name, name: 'held' }, { metadata: { finalizers: null } });
    await eventually('the namespace is gone', async () => (await client.get(namespaces, { name })) === undefined);
    await assert.rejects(client.create(secrets, { metadata: { name: 'late', namespace: name } }), refusal(404, 'NotFound', new RegExp(`namespaces "${name}" not found`)));
  }),

  scenario('preconditions of a deletion', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const ref = { namespace, name: 'a' };
    const { metadata } = await client.create(nodes, { metadata: ref, spec: specs['Node'] });
    await client.mergePatch(nodes, ref, { metadata: { labels: { x: '1' } } });
    await assert.rejects(client.delete(nodes, ref, { uid: 'another' }), refusal(409, 'Conflict', /the UID in the precondition \(another\) does not match the UID in record/));
    await assert.rejects(client.delete(nodes, ref, { resourceVersion: metadata.resourceVersion }), refusal(409, 'Conflict', /the ResourceVersion in the precondition .* does not match/));
    await client.delete(nodes, ref, { uid: metadata.uid });
    assert.equal(await client.get(nodes, ref), undefined);
  }),

  scenario('made again under the same name it is another object', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    const ref = { namespace, name: 'a' };
    const first = await client.create(nodes, { metadata: ref, spec: specs['Node'] });
    await client.delete(nodes, ref);
    const second = await client.create(nodes, { metadata: ref, spec: specs['Node'] });
    assert.notEqual(second.metadata.uid, first.metadata.uid);
    await assert.rejects(client.delete(nodes, ref, { uid: first.metadata.uid }), { status: 409 });
  }),
];
