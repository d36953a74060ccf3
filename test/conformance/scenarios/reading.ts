import assert from 'node:assert/strict';
import { configMaps, isGone, secrets } from '@guildhall/kubernetes';
import { consortium } from '@guildhall/resources';
import type { ClusterUnderTest } from '../cluster-under-test.ts';
import { specs } from '../samples.ts';
import { anyType, eventually, observe, refusal, scenario, type Scenario, type Thing } from './scenario.ts';

const type = anyType(configMaps);
const map = (namespace: string, name: string, labels: Record<string, string> = {}, data: Record<string, string> = {}) => ({ metadata: { name, namespace, labels }, data });

async function watched(cluster: ClusterUnderTest) {
  const namespace = await cluster.namespace();
  const client = cluster.client('tester');
  // Kubernetes makes one of its own in each namespace, in its own time.
  const own = { labelSelector: 'test' };
  const { resourceVersion } = await client.list(type, { namespace, ...own });
  return { namespace, client, resourceVersion, ...own };
}
const test = { test: 'yes' };

export const reading: Scenario[] = [
  scenario('a watch tells what was made, changed and deleted since a version, in order, and nothing else', async (cluster) => {
    const { namespace, client, resourceVersion, labelSelector } = await watched(cluster);
    const elsewhere = await cluster.namespace();
    await client.create(type, map(namespace, 'a', test));
    await client.create(type, map(elsewhere, 'x', test));
    const watch = observe(client, type, { namespace, resourceVersion, labelSelector });
    await watch.sees(['ADDED a']);
    await client.mergePatch(type, { namespace, name: 'a' }, { data: { k: 'v' } });
    await client.mergePatch(type, { namespace, name: 'a' }, { data: { k: 'v' } });
    await client.delete(type, { namespace, name: 'a' });
    await client.create(type, map(namespace, 'b', test));
    await watch.sees(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
    const versions = watch.events.flatMap((event) => (event.type === 'BOOKMARK' ? [] : [Number(event.object.metadata.resourceVersion)]));
    assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
    await watch.stop();
  }),

  scenario('a watch is resumed where it ended', async (cluster) => {
    const { namespace, client, resourceVersion, labelSelector } = await watched(cluster);
    const first = observe(client, type, { namespace, resourceVersion, labelSelector });
    await client.create(type, map(namespace, 'a', test));
    await first.sees(['ADDED a']);
    await first.stop();
    await client.create(type, map(namespace, 'b', test));
    const last = first.events.at(-1)!;
    const from = last.type === 'BOOKMARK' ? last.resourceVersion : last.object.metadata.resourceVersion!;
    const second = observe(client, type, { namespace, resourceVersion: from, labelSelector });
    await second.sees(['ADDED b']);
    await second.stop();
  }),

  scenario('what comes to match a selector is added, what ceases to match is deleted', async (cluster) => {
    const { namespace, client, resourceVersion } = await watched(cluster);
    const watch = observe(client, type, { namespace, resourceVersion, labelSelector: 'colour in (red,green),!hidden' });
    await client.create(type, map(namespace, 'a', { colour: 'blue' }));
    await client.mergePatch(type, { namespace, name: 'a' }, { metadata: { labels: { colour: 'red' } } });
    await client.mergePatch(type, { namespace, name: 'a' }, { metadata: { labels: { colour: 'green' } } });
    await client.mergePatch(type, { namespace, name: 'a' }, { metadata: { labels: { hidden: 'yes' } } });
    await client.delete(type, { namespace, name: 'a' });
    await client.create(type, map(namespace, 'b', { colour: 'red' }));
    await watch.sees(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
    await watch.stop();
  }),

  scenario('a watch ends after its time, with a bookmark from which it can be resumed', async (cluster) => {
    const { namespace, client, resourceVersion, labelSelector } = await watched(cluster);
    await client.create(type, map(namespace, 'a', test));
    const watch = observe(client, type, { namespace, resourceVersion, labelSelector, timeoutSeconds: 3 });
    await watch.done;
    const bookmark = watch.events.findLast((event) => event.type === 'BOOKMARK');
    assert.ok(bookmark, 'a bookmark came before the end');
    await client.create(type, map(namespace, 'b', test));
    const resumed = observe(client, type, { namespace, resourceVersion: bookmark.resourceVersion, labelSelector });
    await resumed.sees(['ADDED b']);
    await resumed.stop();
  }),

  scenario('all there is comes first when no version is named', async (cluster) => {
    const { namespace, client, labelSelector } = await watched(cluster);
    await client.create(type, map(namespace, 'a', test));
    await client.create(type, map(namespace, 'b', test));
    const watch = observe(client, type, { namespace, resourceVersion: '', labelSelector });
    await eventually('both', async () => watch.seen.length === 2);
    assert.deepEqual(watch.seen.toSorted(), ['ADDED a', 'ADDED b']);
    await watch.stop();
  }),

  scenario('lists: by labels, by fields, in pages that belong together', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    for (let index = 0; index < 7; index++) await client.create(type, map(namespace, `m${index}`, { parity: index % 2 ? 'odd' : 'even', test: 'yes' }));
    const names = async (options: object) => (await client.list(type, { namespace, labelSelector: 'test', ...options })).items.map((item) => item.metadata.name);
    assert.deepEqual(await names({ labelSelector: 'parity=odd' }), ['m1', 'm3', 'm5']);
    assert.deepEqual(await names({ labelSelector: 'parity!=odd,test' }), ['m0', 'm2', 'm4', 'm6']);
    assert.deepEqual(await names({ labelSelector: 'test,parity notin (odd, other)' }), ['m0', 'm2', 'm4', 'm6']);
    assert.deepEqual(await names({ fieldSelector: 'metadata.name=m3' }), ['m3']);
    assert.deepEqual(await names({ limit: 3 }), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=test&limit=3`;
    const first = await cluster.request('GET', path);
    await client.delete(type, { namespace, name: 'm4' });
    await client.create(type, map(namespace, 'm5a', { test: 'yes' }));
    const second = await cluster.request('GET', `${path}&continue=${encodeURIComponent(first.body['metadata'].continue)}`);
    assert.deepEqual(second.body['items'].map((item: Thing) => item.metadata.name), ['m3', 'm4', 'm5'], 'as it was when the first page was read');
    assert.equal(second.body['metadata'].resourceVersion, first.body['metadata'].resourceVersion);
    await assert.rejects(client.list(type, { namespace, fieldSelector: 'data.x=y' }), refusal(400, 'BadRequest', /data\.x/));
  }),

  scenario('custom kinds are listed over all namespaces', async (cluster) => {
    const client = cluster.client('tester');
    const [one, two] = [await cluster.namespace(), await cluster.namespace()];
    const consortia = anyType(consortium.type);
    for (const namespace of [one, two]) await client.create(consortia, { metadata: { name: 'trade', namespace, labels: { all: one } }, spec: specs['Consortium'] });
    const all = await client.list(consortia, { labelSelector: `all=${one}` });
    assert.deepEqual(new Set(all.items.map((item) => item.metadata.namespace)), new Set([one, two]));
  }),

  // On Kubernetes Secrets are read without its watch cache here, which would remember more than etcd.
  scenario('what is too old is answered with 410', async (cluster) => {
    const kept = anyType(secrets);
    const namespace = await cluster.namespace();
    const client = cluster.client('tester');
    for (let index = 0; index < 3; index++) await client.create(kept, { metadata: { name: `m${index}`, namespace } });
    const path = `/api/v1/namespaces/${namespace}/secrets?limit=1`;
    const { body: first } = await cluster.request('GET', path);
    for (const name of ['later', 'latest']) await client.create(kept, { metadata: { name, namespace } });
    await cluster.forgetHistory?.();
    const page = await cluster.request('GET', `${path}&continue=${encodeURIComponent(first['metadata'].continue)}`);
    assert.deepEqual([page.status, page.body['reason']], [410, 'Expired']);
    const watching = async (): Promise<void> => {
      for await (const _ of client.watch(kept, { namespace, resourceVersion: first['metadata'].resourceVersion, timeoutSeconds: 5, signal: AbortSignal.timeout(20_000) }));
    };
    await assert.rejects(watching(), (error) => isGone(error));
    assert.equal((await client.list(kept, { namespace, limit: 2 })).items.length, 5);
  }, { alone: true, needs: 'forgetting' }),
];
