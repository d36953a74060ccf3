import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ApiError, configMaps, namespaces, secrets } from '@guildhall/kubernetes';
import { Client } from 'pg';
import { createInMemoryCluster, systemPrincipal, type Store } from '../index.ts';
import { createStore } from './create-store.ts';
import { createPostgresJournal, JournalInUse } from './journal.ts';
import { createSealer } from './seal.ts';
import { JournalForked, StoreUnavailable } from './store.ts';
import { startTestDatabase } from './testing/database.ts';
import { createProxy } from './testing/proxy.ts';

const namespace = 'gh-trade';
const sealer = createSealer(randomBytes(32));
let database: Awaited<ReturnType<typeof startTestDatabase>>;
let admin: Client;
before(async () => {
  database = await startTestDatabase();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
});
after(async () => {
  await admin.end();
  await database.stop();
});
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
beforeEach(() => admin.query('drop table if exists local_cluster_object, local_cluster_revision'));

async function open(url = database.url, key = sealer) {
  const journal = createPostgresJournal({ connectionUrl: () => url, sealer: key });
  cleanUps.push(() => journal.close());
  for (;;) {
    try {
      const store = createStore({ journal, snapshot: await journal.load() });
      return { store, close: () => journal.close() };
    } catch (error) {
      if (error instanceof JournalInUse) continue; // an earlier session is still ending
      await journal.close();
      throw error;
    }
  }
}
async function proxied() {
  const proxy = await createProxy(database.url);
  cleanUps.push(() => proxy.stop());
  return proxy;
}
const connected = async (store: Store) => (await createInMemoryCluster({ store })).connect(systemPrincipal, { fieldManager: 'tester' });
/** The session that was cut may take a moment to end. */
async function patiently(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 503)) throw error;
    }
  }
}
const inNamespace = (name: string) => ({ metadata: { name, namespace } });

test('what was written is there after a restart, at the same revision', async () => {
  const first = await open();
  const client = await connected(first.store);
  await client.create(namespaces, { metadata: { name: namespace } });
  const made = await client.create(configMaps, { ...inNamespace('kept'), data: { text: 'a\u0000b' } });
  await client.create(configMaps, inNamespace('dropped'));
  await client.delete(configMaps, { name: 'dropped', namespace });
  await first.close();
  const second = await open();
  assert.equal(second.store.revision(), first.store.revision());
  const again = await connected(second.store);
  assert.deepEqual(await again.get(configMaps, { name: 'kept', namespace }), made);
  assert.deepEqual((await again.list(configMaps, { namespace })).items.length, 1);
});

test('what a Secret holds is in the database sealed only, and of no use elsewhere', async () => {
  const { store, close } = await open();
  const client = await connected(store);
  await client.create(namespaces, { metadata: { name: namespace } });
  const made = await client.create(secrets, { ...inNamespace('key'), data: { key: Buffer.from('very secret').toString('base64') } });
  await close();
  const { rows } = await admin.query<{ object: object; sealed: Buffer }>("select object, sealed from local_cluster_object where resource = 'secrets'");
  const stored = JSON.stringify(rows[0]?.object) + rows[0]?.sealed.toString('latin1');
  assert.doesNotMatch(stored, /very secret/);
  assert.doesNotMatch(stored, new RegExp(Buffer.from('very secret').toString('base64')));
  const again = await open();
  assert.deepEqual(await (await connected(again.store)).get(secrets, { name: 'key', namespace }), made);
  await again.close();
  await assert.rejects(open(database.url, createSealer(randomBytes(32))), /authenticate/);
  await admin.query("update local_cluster_object set name = 'moved' where resource = 'secrets'");
  await assert.rejects(open(), /authenticate/);
});

test('while the database is away reads go on and writes are told to come again; it goes on by itself', async () => {
  const proxy = await proxied();
  const { store } = await open(proxy.url);
  const client = await connected(store);
  await client.create(namespaces, { metadata: { name: namespace } });
  await client.create(configMaps, inNamespace('before'));
  proxy.set('closed');
  for (const name of ['one', 'two']) {
    await assert.rejects(client.create(configMaps, inNamespace(name)), (error) => error instanceof ApiError && error.status === 503 && error.retryAfterSeconds === 1);
  }
  assert.equal((await client.list(configMaps, { namespace })).items.length, 1);
  proxy.set('open');
  await patiently(() => client.create(configMaps, inNamespace('after')));
  assert.deepEqual((await client.list(configMaps, { namespace })).items.map((item) => item.metadata.name), ['after', 'before']);
});

test('a write whose answer was lost is seen or not seen, as the database has it', async () => {
  const proxy = await proxied();
  const { store } = await open(proxy.url);
  const client = await connected(store);
  await client.create(namespaces, { metadata: { name: namespace } });
  proxy.set('deaf');
  await assert.rejects(client.create(configMaps, inNamespace('unheard')), (error) => error instanceof ApiError && error.status === 503);
  assert.equal(await client.get(configMaps, { name: 'unheard', namespace }), undefined, 'not before it is known');
  proxy.set('open');
  await patiently(() => client.create(configMaps, inNamespace('next')));
  const { rows } = await admin.query<{ name: string }>("select name from local_cluster_object where resource = 'configmaps' order by name");
  assert.deepEqual((await client.list(configMaps, { namespace })).items.map((item) => item.metadata.name), rows.map((row) => row.name));
});

test('many writes at once become durable together, in their order', async () => {
  const { store } = await open();
  const client = await connected(store);
  await client.create(namespaces, { metadata: { name: namespace } });
  const made = await Promise.all(Array.from({ length: 200 }, (_, index) => client.create(configMaps, inNamespace(`c${index}`))));
  const versions = made.map((each) => Number(each.metadata.resourceVersion));
  assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
  assert.equal((await admin.query<{ count: number }>("select count(*)::int from local_cluster_object where resource = 'configmaps'")).rows[0]?.count, 200);
});

test('a second writer is refused rather than followed', async () => {
  const { store } = await open();
  await store.write((transaction) => transaction.put('things', { metadata: { name: 'a' } }));
  await admin.query('update local_cluster_revision set value = value + 1');
  await assert.rejects(store.write((transaction) => transaction.put('things', { metadata: { name: 'b' } })), JournalForked);
  await assert.rejects(store.write((transaction) => transaction.put('things', { metadata: { name: 'b' } })), JournalForked);
  const rival = createPostgresJournal({ connectionUrl: () => database.url, sealer });
  await assert.rejects(rival.load(), /another process works on the database/);
  await rival.close();
});

test('what fails inside a transaction leaves nothing behind', async () => {
  const { store } = await open();
  await assert.rejects(store.write((transaction) => {
    transaction.put('things', { metadata: { name: 'a' } });
    throw new Error('changed my mind');
  }), /changed my mind/);
  assert.equal(store.revision(), 0);
  assert.ok(!(StoreUnavailable.name in store));
  await store.write((transaction) => transaction.put('things', { metadata: { name: 'b' } }));
  assert.deepEqual(store.list('things').map((each) => each['metadata']), [{ name: 'b', resourceVersion: '1' }]);
});
