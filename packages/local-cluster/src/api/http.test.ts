import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { configMaps, createClient, namespaces, pods, type WatchEvent } from '@guildhall/kubernetes';
import { createCluster, createStore, noWorkloads, systemPrincipal, type WorkloadPorts } from '../index.ts';
import { StoreUnavailable } from '../store/store.ts';
import { targetOf } from './http.ts';

const token = 't'.repeat(32);
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(ports: WorkloadPorts = noWorkloads) {
  const store = createStore();
  let uids = 0;
  const errors: unknown[] = [];
  const cluster = await createCluster({
    store, ports,
    principals: [{ ...systemPrincipal, token }],
    clock: { now: Date.now },
    ids: { uid: () => `uid-${(uids += 1)}`, suffix: () => 'abcde' },
    http: { bookmarkMs: 20, onError: (error) => errors.push(error) },
  });
  const server = createServer(cluster.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ server: url, token, fieldManager: 'tester', attempts: 1 });
  cleanUps.push(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return { store, cluster, client, url, errors };
}

async function ask(url: string, path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const request = send(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return { code: response.statusCode, headers: response.headers, text };
}

test('paths name a kind, a place, an object and a part of it', () => {
  const target = (path: string) => Object.values(targetOf(path)).join('|');
  assert.equal(target('/api/v1/pods'), '|v1|pods|||');
  assert.equal(target('/api/v1/namespaces'), '|v1|namespaces|||');
  assert.equal(target('/api/v1/namespaces/a'), '|v1|namespaces||a|');
  assert.equal(target('/api/v1/namespaces/a/status'), '|v1|namespaces||a|status');
  assert.equal(target('/api/v1/namespaces/a/pods/b/log'), '|v1|pods|a|b|log');
  assert.equal(target('/apis/guildhall.dev/v1alpha1/namespaces/a/nodes/b/status'), 'guildhall.dev|v1alpha1|nodes|a|b|status');
  assert.equal(target('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x.y'), 'apiextensions.k8s.io|v1|customresourcedefinitions||x.y|');
  for (const path of ['/', '/api', '/api/v1', '/version', '/apis/a/b/namespaces/c/d/e/f/g']) assert.throws(() => targetOf(path), /could not find the requested resource/);
});

test('bodies that cannot be read are refused as what they are', async () => {
  const { url } = await serve();
  const path = '/api/v1/namespaces';
  const json = { 'content-type': 'application/json' };
  assert.equal((await ask(url, path, { method: 'POST', headers: json, body: '{' })).code, 400);
  assert.equal((await ask(url, path, { method: 'POST', headers: json, body: '[]' })).code, 400);
  assert.equal((await ask(url, `${path}/default`, { method: 'PATCH', headers: { 'content-type': 'application/json-patch+json' }, body: '[]' })).code, 415);
  assert.equal((await ask(url, path, { method: 'POST', headers: json, body: `{"a":"${'x'.repeat(4_000_000)}"}` })).code, 413);
  for (const method of ['OPTIONS', 'PUT']) assert.equal((await ask(url, path, { method })).code, 405);
  assert.equal((await ask(url, `${path}/%ff`)).code, 400);
  assert.equal((await ask(url, '//x')).code, 404);
  assert.equal((await ask(url, `${path}?dryRun=All`, { method: 'POST', headers: json, body: '{"metadata":{"name":"a"}}' })).code, 400);
  assert.equal((await ask(url, path, { headers: { authorization: 'Bearer wrong' } })).code, 401);
  assert.equal((await ask(url, path, { headers: { authorization: '' } })).code, 401);
});

test('a deletion that waits for what is owned, or leaves it, is refused in words', async () => {
  const { url, client } = await serve();
  await client.create(configMaps, { metadata: { name: 'a', namespace: 'default' } });
  for (const policy of ['Foreground', 'Orphan']) {
    const { code, text } = await ask(url, `/api/v1/namespaces/default/configmaps/a?propagationPolicy=${policy}`, { method: 'DELETE' });
    assert.deepEqual([code, (JSON.parse(text) as { message: string }).message], [400, `propagationPolicy "${policy}" is not supported by the local cluster; use "Background"`]);
  }
  assert.ok(await client.get(configMaps, { name: 'a', namespace: 'default' }));
});

test('a watch ends in its time with a bookmark, and holds nothing back meanwhile', async () => {
  const { client } = await serve();
  const { resourceVersion } = await client.list(configMaps, { namespace: 'default' });
  const events: WatchEvent<object & { apiVersion: string; kind: string; metadata: { name: string } }>[] = [];
  for await (const event of client.watch(configMaps, { namespace: 'default', resourceVersion, timeoutSeconds: 1, signal: AbortSignal.timeout(10_000) })) {
    if (events.length === 0) await client.create(configMaps, { metadata: { name: 'a', namespace: 'default' } });
    events.push(event);
  }
  assert.equal(events[0]?.type, 'BOOKMARK');
  assert.ok(events.some((event) => event.type === 'ADDED' && event.object.metadata.name === 'a'));
  assert.equal(events.at(-1)?.type, 'BOOKMARK');
});

test('a client that goes away takes its watch along', async () => {
  const { client, store } = await serve();
  const unsubscribed = Promise.withResolvers<void>();
  const { subscribe } = store;
  store.subscribe = (resource, listener) => {
    const end = subscribe(resource, listener);
    return () => {
      unsubscribed.resolve();
      end();
    };
  };
  const gone = new AbortController();
  const watching = (async () => {
    for await (const _ of client.watch(configMaps, { namespace: 'default', resourceVersion: '0', signal: gone.signal })) gone.abort();
  })();
  await assert.rejects(watching);
  await unsubscribed.promise;
});

test('the log of a pod comes as it is written, from whoever runs the pod', async () => {
  const ended = Promise.withResolvers<void>();
  const { client } = await serve({
    ...noWorkloads,
    async *podLog({ namespace, name, container, tailLines, follow, previous, signal }) {
      yield Buffer.from(`${namespace}/${name} ${container} ${tailLines} ${follow} ${previous}\nsecond `);
      yield Buffer.from('line\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended.resolve();
    },
  });
  await client.create(pods, { metadata: { name: 'p', namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  const lines: string[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const line of client.podLog({ namespace: 'default', name: 'p' }, { container: 'c', tailLines: 5, follow: true, previous: true, signal: stop.signal })) {
      lines.push(line);
      if (lines.length === 2) stop.abort();
    }
  })();
  await assert.rejects(reading);
  assert.deepEqual(lines, ['default/p c 5 true true', 'second line']);
  await ended.promise;
  await assert.rejects(async () => {
    for await (const _ of client.podLog({ namespace: 'default', name: 'none' }));
  }, { status: 404 });
});

test('what cannot be told of a log is refused, not ignored', async () => {
  const { client, url } = await serve({ ...noWorkloads, async *podLog() { yield Buffer.from('line\n'); } });
  await client.create(pods, { metadata: { name: 'p', namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  const ask = (query: string): Promise<Response> => fetch(`${url}/api/v1/namespaces/default/pods/p/log?${query}`, { headers: { authorization: `Bearer ${token}` } });
  for (const query of ['timestamps=true', 'sinceTime=2026-01-01T00:00:00Z', 'sinceSeconds=5', 'limitBytes=10']) {
    const response = await ask(query);
    assert.equal(response.status, 400, query);
    assert.match(await response.text(), /is not supported by the local cluster/);
  }
  assert.equal(await (await ask('timestamps=false')).text(), 'line\n');
});

test('while the store cannot write, who writes is told when to come again', async () => {
  const { url, store } = await serve();
  store.write = async () => {
    throw new StoreUnavailable(new Error('away'));
  };
  const { code, headers, text } = await ask(url, '/api/v1/namespaces', { method: 'POST', body: '{"metadata":{"name":"a"}}' });
  assert.deepEqual([code, headers['retry-after'], (JSON.parse(text) as { reason: string }).reason], [503, '1', 'ServiceUnavailable']);
  assert.equal((await ask(url, '/api/v1/namespaces/default')).code, 200);
});

test('a client that goes in the middle of what it sends is no failure of the cluster', async () => {
  const { url, errors } = await serve();
  const request = send(`${url}/api/v1/namespaces`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-length': '1000' } });
  request.on('error', () => undefined); // cut on purpose
  request.write('{"metadata":');
  await once(request, 'socket');
  assert.equal((await ask(url, '/api/v1/namespaces/default')).code, 200);
  const closed = new Promise((resolve) => request.once('close', resolve));
  request.destroy();
  await closed;
  // Whatever became of it is known when others have come and gone.
  for (let round = 0; round < 5; round++) assert.equal((await ask(url, '/api/v1/namespaces/default')).code, 200);
  assert.deepEqual(errors, []);
});

test('what fails inside is told to the log, not to the client', async () => {
  const { url, store, errors } = await serve();
  store.list = () => {
    throw new Error('a detail of the inside');
  };
  const { code, text } = await ask(url, '/api/v1/namespaces');
  assert.equal(code, 500);
  assert.doesNotMatch(text, /a detail of/);
  assert.match(String(errors[0]), /detail/);
});

test('a pod that somebody runs is deleted when that one says so', async () => {
  const { cluster, client } = await serve();
  const kubelet = cluster.connect(systemPrincipal);
  const ref = { namespace: 'default', name: 'p' };
  const spec = { nodeName: 'local', terminationGracePeriodSeconds: 7, containers: [{ name: 'c', image: 'i' }] };
  await client.create(pods, { metadata: ref, spec });
  await client.delete(pods, ref);
  const marked = await client.get(pods, ref);
  assert.ok(marked?.metadata.deletionTimestamp);
  await client.delete(pods, ref);
  assert.ok(await client.get(pods, ref));
  await kubelet.delete(pods, ref, { gracePeriodSeconds: 0, uid: marked.metadata.uid ?? '' });
  assert.equal(await client.get(pods, ref), undefined);

  await client.create(namespaces, { metadata: { name: 'gh-a' } });
  await client.create(pods, { metadata: { ...ref, namespace: 'gh-a' }, spec });
  await client.delete(namespaces, { name: 'gh-a' });
  assert.equal((await client.get(namespaces, { name: 'gh-a' }))?.status?.phase, 'Terminating');
  await kubelet.delete(pods, { ...ref, namespace: 'gh-a' }, { gracePeriodSeconds: 0 });
  assert.equal(await client.get(namespaces, { name: 'gh-a' }), undefined);
});
