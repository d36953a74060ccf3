import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, customResourceDefinitions, isConflict, isInvalid, namespaces, secrets, services, statefulSets, type KubernetesClient, type WatchEvent } from '@guildhall/kubernetes';
import { consortium, crd, kinds, type Consortium } from '@guildhall/resources';
import { createInMemoryCluster, systemPrincipal } from './index.ts';

const namespace = 'gh-trade';
async function prepared() {
  const cluster = await createInMemoryCluster();
  const client = cluster.connect(systemPrincipal, { fieldManager: 'tester' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as never);
  await client.create(namespaces, { metadata: { name: namespace } });
  return { cluster, client };
}

const trade = (members: string[]) => ({
  metadata: { name: 'trade', namespace },
  spec: {
    ledger: { engine: 'fabric' as const, version: '3.1' as const },
    members: members.map((name) => ({ name, mspId: `${name}MSP`, namespace: `gh-trade-${name}` })),
  },
});

const apply = (client: KubernetesClient, members: string[], options = {}) => client.apply(consortium.type, trade(members), options);

test('a kind of Guildhall: defaults, generation, status apart from spec', async () => {
  const { client } = await prepared();
  const made = await apply(client, ['acme']);
  assert.equal(made.spec.profile, 'production');
  assert.equal(made.metadata.generation, 1);
  const withStatus = await client.applyStatus<Consortium>(consortium.type, { metadata: made.metadata, status: { summary: 'begun' } });
  assert.equal(withStatus.metadata.generation, 1);
  assert.equal(withStatus.status?.summary, 'begun');
  const again = await apply(client, ['acme']);
  assert.equal(again.metadata.resourceVersion, withStatus.metadata.resourceVersion, 'what changes nothing writes nothing');
  const more = await apply(client, ['acme', 'bank']);
  assert.equal(more.metadata.generation, 2);
  assert.equal(more.status?.summary, 'begun');
});

test('rules of the schema are kept', async () => {
  const { client } = await prepared();
  await assert.rejects(client.apply(consortium.type, { ...trade(['acme']), spec: { ...trade(['acme']).spec, members: [{ name: 'a', mspId: 'X', namespace: 'n' }, { name: 'b', mspId: 'X', namespace: 'n' }] } }),
    (error) => isInvalid(error) && /each member needs an MSP id of its own/.test(error.message));
  await assert.rejects(client.apply(consortium.type, { ...trade(['acme']), spec: { ...trade(['acme']).spec, extra: 1 } as never }),
    (error) => error instanceof ApiError && error.status === 500 && /\.spec\.extra: field not declared in schema/.test(error.message));
  await apply(client, ['acme']);
  await assert.rejects(client.mergePatch(consortium.type, { namespace, name: 'trade' }, { spec: { profile: 'sandbox' } }),
    (error) => isInvalid(error) && /cannot be changed/.test(error.message));
});

test('a field has one owner unless both say the same', async () => {
  const { cluster, client } = await prepared();
  const other = cluster.connect(systemPrincipal, { fieldManager: 'other' });
  await apply(client, ['acme']);
  await assert.rejects(other.apply(consortium.type, { metadata: { name: 'trade', namespace }, spec: { members: [{ name: 'acme', mspId: 'ElseMSP', namespace: 'gh-trade-acme' }] } }),
    (error) => isConflict(error) && /conflict with "tester"/.test(error.message));
  const both = await other.apply(consortium.type, { metadata: { name: 'trade', namespace }, spec: { members: [{ name: 'bank', mspId: 'bankMSP', namespace: 'gh-trade-bank' }] } });
  assert.deepEqual(both.spec.members.map((member) => member.name), ['acme', 'bank']);
  const without = await other.apply(consortium.type, { metadata: { name: 'trade', namespace } });
  assert.deepEqual(without.spec.members.map((member) => member.name), ['acme']);
});

test('a watch tells what happened since', async () => {
  const { client } = await prepared();
  const { resourceVersion } = await client.list(consortium.type, { namespace });
  const stop = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    for await (const event of client.watch(consortium.type, { namespace, resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 60, signal: stop.signal }) as AsyncIterable<WatchEvent<Consortium>>) {
      seen.push(event.type);
      if (event.type === 'DELETED') stop.abort();
    }
  })();
  await apply(client, ['acme']);
  await apply(client, ['acme', 'bank']);
  await client.delete(consortium.type, { namespace, name: 'trade' });
  await watching;
  assert.deepEqual(seen, ['ADDED', 'MODIFIED', 'DELETED']);
});

test('what is owned goes with its owner; what a finalizer holds stays', async () => {
  const { client } = await prepared();
  const owner = await client.create(secrets, { metadata: { name: 'owner', namespace }, data: { a: 'eA==' } });
  const reference = { apiVersion: 'v1', kind: 'Secret', name: 'owner', uid: owner.metadata.uid! };
  await client.create(secrets, { metadata: { name: 'owned', namespace, ownerReferences: [reference] } });
  await client.create(secrets, { metadata: { name: 'held', namespace, ownerReferences: [reference], finalizers: ['guildhall.dev/cleanup'] } });
  await client.delete(secrets, { namespace, name: 'owner' });
  assert.equal(await client.get(secrets, { namespace, name: 'owned' }), undefined);
  const held = await client.get(secrets, { namespace, name: 'held' });
  assert.ok(held?.metadata.deletionTimestamp);
  await client.delete(namespaces, { name: namespace });
  assert.ok(await client.get(namespaces, { name: namespace }));
  await client.mergePatch(secrets, { namespace, name: 'held' }, { metadata: { finalizers: null } });
  assert.equal(await client.get(secrets, { namespace, name: 'held' }), undefined);
  assert.equal(await client.get(namespaces, { name: namespace }), undefined, 'the last object takes its namespace along');
});

test('a Service gets an address, a StatefulSet its defaults', async () => {
  const { client } = await prepared();
  const service = await client.apply(services, { metadata: { name: 'peer', namespace }, spec: { ports: [{ name: 'grpc', port: 7051 }] } });
  assert.equal(service.spec.clusterIP, '10.96.0.1');
  const again = await client.apply(services, { metadata: { name: 'peer', namespace }, spec: { ports: [{ name: 'grpc', port: 7051 }] } });
  assert.equal(again.metadata.resourceVersion, service.metadata.resourceVersion);
  const set = {
    metadata: { name: 'peer', namespace },
    spec: {
      serviceName: 'peer', selector: { matchLabels: { app: 'peer' } },
      template: { metadata: { labels: { app: 'peer' } }, spec: { containers: [{ name: 'peer', image: 'hyperledger/fabric-peer:3.1', ports: [{ containerPort: 7051 }] }] } },
    },
  };
  const made = await client.apply(statefulSets, set);
  assert.equal(made.spec.replicas, 1);
  assert.equal(made.spec.template.spec.containers[0]?.imagePullPolicy, 'IfNotPresent');
  assert.equal((await client.apply(statefulSets, set)).metadata.resourceVersion, made.metadata.resourceVersion);
});
