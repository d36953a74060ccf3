import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { namespaces, type KubernetesClient } from '@guildhall/kubernetes';
import { consortium, member, type GuildhallObject } from '@guildhall/resources';
import { pino } from 'pino';
import { databaseSchema, openDatabase, openPool, type Database } from '../src/database/database.ts';
import type { ControlPlane } from '../src/index.ts';
import type { ClusterReader } from '../src/projections/cluster-reader.ts';
import type { ClusterChange, ClusterObject, ClusterView } from '../src/projections/cluster-view.ts';
import { createProjector, type Projector } from '../src/projections/projector.ts';
import { createClient, smallConsortium, type Client } from './client.ts';
import { startScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

const settled = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await delay(10);
};

const object = (name: string, uid: string, resourceVersion: number, kind = 'Member', namespace = 'gh-trade--core'): ClusterObject => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind, metadata: { namespace, name, uid, resourceVersion: String(resourceVersion) }, spec: { mark: resourceVersion },
});

describe('the projector', { timeout: 600_000 }, () => {
  let world: World;
  let db: Database;
  let projector: Projector;
  let stopping: AbortController;
  let running: Promise<void>;
  /** What the cluster has, and what its watches have told. */
  let live: ClusterObject[];
  let seen: ClusterObject[];
  let tell: (change: ClusterChange) => void;

  before(async () => {
    world = await startWorld();
    await (await world.start()).stop();
    db = openDatabase(openPool({ connectionString: world.postgres.url, schema: databaseSchema, applicationName: 'test', max: 4, logger: pino({ level: 'silent' }) }));
  });
  after(async () => {
    await db.destroy();
    await world.stop();
  });

  const start = (resyncMs = 60_000): void => {
    const handlers = new Set<(change: ClusterChange) => void>();
    tell = (change) => handlers.forEach((handler) => handler(change));
    const view: ClusterView = {
      get: () => undefined,
      ofConsortium: () => [],
      onChange: (handler) => {
        handlers.add(handler);
        return () => handlers.delete(handler);
      },
      all: () => seen,
      hasSynced: () => true,
      problem: () => undefined,
      start: () => Promise.resolve(),
    };
    const reader: ClusterReader = {
      get: (ref) => Promise.resolve(live.find((each) => each.kind === ref.kind && each.metadata.name === ref.name && each.metadata.namespace === ref.namespace)),
      all: () => Promise.resolve(live),
      ofConsortium: () => Promise.resolve([]),
    };
    stopping = new AbortController();
    projector = createProjector({ db, view, reader, logger: pino({ level: 'silent' }), resyncMs });
    running = projector.run(stopping.signal);
  };
  /** It is so in the cluster, and a watch tells it. */
  const happens = (...changes: ClusterChange[]): void => {
    for (const change of changes) {
      const others = live.filter((each) => each.metadata.uid !== change.object.metadata.uid && !(each.metadata.name === change.object.metadata.name && !change.deleted));
      live = change.deleted ? others : [...others, change.object];
      seen = live;
      tell(change);
    }
  };
  const is = (each: ClusterObject): ClusterChange => ({ deleted: false, object: each });
  const wasDeleted = (each: ClusterObject): ClusterChange => ({ deleted: true, object: each });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
    await world.query('truncate projections, consortia, forgotten_objects cascade');
  };
  const rows = (): Promise<{ name: string; uid: string; mark: number }[]> => world.query(`select name, uid, (object->'spec'->>'mark')::int as mark from projections order by name`);
  const states = async (): Promise<string[]> => (await world.query<{ state: string }>('select state from consortia order by created_at')).map(({ state }) => state);

  test('never lets an older state overwrite a newer one, in whatever order they come', async () => {
    [live, seen] = [[], []];
    start();
    happens(is(object('a', 'u1', 7)));
    await settled(async () => (await rows()).length === 1);
    await projector.project([object('a', 'u1', 5)]);
    assert.deepEqual(await rows(), [{ name: 'a', uid: 'u1', mark: 7 }]);
    await projector.project([object('a', 'u1', 9)]);
    assert.deepEqual(await rows(), [{ name: 'a', uid: 'u1', mark: 9 }]);
    await stop();
  });

  test('keeps a successor when its predecessor’s deletion is told late, and drops a predecessor when its successor is told first', async () => {
    [live, seen] = [[], []];
    start();
    happens(is(object('a', 'u1', 1)), is(object('a', 'u2', 5)), wasDeleted(object('a', 'u1', 3)));
    await settled(async () => (await rows())[0]?.uid === 'u2');
    happens(wasDeleted(object('a', 'u1', 3)), is(object('marker', 'u9', 6)));
    await settled(async () => (await rows()).length === 2);
    assert.equal((await rows())[0]?.uid, 'u2');
    await stop();
  });

  test('does not bring back what was deleted while the answer to our own write was on its way', async () => {
    [live, seen] = [[], []];
    start();
    happens(wasDeleted(object('a', 'u1', 3)));
    await projector.project([object('a', 'u1', 2)]);
    assert.deepEqual(await rows(), []);
    await stop();
  });

  test('compares with the cluster from time to time: what is gone goes, what is missing comes, what is newer than the watch stays', async () => {
    await world.query(`insert into projections (kind, namespace, name, consortium, uid, resource_version, object) values
      ('Member', 'gh-trade--core', 'gone', 'trade', 'u1', 4, '{"spec":{"mark":4}}'),
      ('Member', 'gh-trade--core', 'ahead', 'trade', 'u2', 9, '{"spec":{"mark":9}}'),
      ('Member', 'gh-trade--core', 'replaced', 'trade', 'u3', 40, '{"spec":{"mark":40}}'),
      ('Member', 'gh-trade--core', 'restored', 'trade', 'u5', 50, '{"spec":{"mark":50}}'),
      ('Nonsense', 'gh-trade--core', 'unknown', 'trade', 'u7', 4, '{"spec":{"mark":4}}')`);
    seen = [object('ahead', 'u2', 6), object('replaced', 'u4', 8), object('restored', 'u5', 8), object('missing', 'u6', 3)];
    live = [object('ahead', 'u2', 9), object('replaced', 'u4', 8), object('restored', 'u5', 8), object('missing', 'u6', 3)];
    start(50);
    const expected = [{ name: 'ahead', uid: 'u2', mark: 9 }, { name: 'missing', uid: 'u6', mark: 3 }, { name: 'replaced', uid: 'u4', mark: 8 }, { name: 'restored', uid: 'u5', mark: 8 }];
    await settled(async () => JSON.stringify(await rows()) === JSON.stringify(expected));
    await stop();
  });

  test('does not bring back by a late word what was taken away by another replica, but by its cluster that was restored', async () => {
    [live, seen] = [[object('a', 'u1', 7)], [object('a', 'u1', 7)]];
    start(50);
    await settled(async () => (await rows()).length === 1);
    const marker = object('marker', 'u9', 9);
    [live, seen] = [[marker], [...seen, marker]];
    await projector.unproject({ kind: 'Member', namespace: 'gh-trade--core', name: 'a' });
    tell(is(object('a', 'u1', 8)));
    tell(is(marker));
    await projector.project([object('a', 'u1', 9)]);
    await settled(async () => (await rows()).length > 0);
    assert.deepEqual((await rows()).map(({ name }) => name), ['marker']);
    live = seen;
    await settled(async () => (await rows()).some(({ name }) => name === 'a'));
    await stop();
  });

  test('does not write again what another replica took away, however long this one does not hear of it', async () => {
    const deaf = [object('gone', 'u1', 4), object('trade', 'u2', 5, 'Consortium', 'gh-trade')];
    [live, seen] = [[object('missing', 'u6', 3)], [...deaf, object('missing', 'u6', 3)]];
    start(20);
    await settled(async () => (await rows()).length > 0);
    await delay(100);
    assert.deepEqual(await rows(), [{ name: 'missing', uid: 'u6', mark: 3 }]);
    assert.deepEqual(await states(), []);
    await stop();
  });

  test('compares with the cluster also where something always changes', async () => {
    [live, seen] = [[], []];
    start(50);
    let version = 5;
    const changes = setInterval(() => happens(is(object('busy', 'u2', ++version))), 2);
    try {
      await settled(async () => ((await rows())[0]?.mark ?? 0) > 20);
      await world.query(`insert into projections (kind, namespace, name, consortium, uid, resource_version, object) values
        ('Member', 'gh-trade--core', 'gone', 'trade', 'u1', 4, '{"spec":{"mark":4}}')`);
      await settled(async () => (await rows()).length === 1);
    } finally {
      clearInterval(changes);
    }
    await stop();
  });

  test('leaves out what the database refuses, and goes on with the others', async () => {
    [live, seen] = [[], []];
    start();
    const bad = object('bad', 'u1', 1);
    happens(is({ ...bad, spec: { text: 'a\u0000b' } }), is(object('good', 'u2', 2)));
    await settled(async () => (await rows()).length === 1);
    assert.equal((await rows())[0]?.name, 'good');
    await stop();
  });

  test('gives a consortium of the cluster its row, keeps it when the object is deleted, revives it with a new object, and believes nothing late', async () => {
    [live, seen] = [[], []];
    start();
    const trade = (uid: string, version: number): ClusterObject => object('trade', uid, version, 'Consortium', 'gh-trade');
    happens(is(trade('u1', 1)));
    await settled(async () => (await states()).join() === 'live');
    happens(wasDeleted(trade('u1', 2)));
    await settled(async () => (await states()).join() === 'kept');
    happens(is(trade('u2', 3)));
    await settled(async () => (await states()).join() === 'live');
    await world.query(`update consortia set state = 'deleted'`);
    happens(is(trade('u2', 4)));
    happens(is(object('marker', 'u9', 6)));
    await settled(async () => (await rows()).some(({ name }) => name === 'marker'));
    assert.deepEqual(await states(), ['deleted'], 'a late word of the deleted one makes no new one');
    happens(is(trade('u3', 7)));
    await settled(async () => (await states()).join() === 'deleted,live');
    await stop();
  });
});

describe('what queries see', { timeout: 600_000 }, () => {
  let world: World;
  let controlPlane: ControlPlane;
  let client: Client;
  const start = async (wrap: (client: KubernetesClient) => KubernetesClient = (given) => given): Promise<void> => {
    world = await startWorld();
    controlPlane = await world.start({ client: wrap(world.connect()) });
    client = createClient(() => controlPlane.url, await controlPlane.tokens.issueAdminToken());
  };
  after(async () => {
    await controlPlane.stop();
    await world.stop();
  });

  test('holds at least what an operation wrote, however late the watches are', async () => {
    const deaf = (given: KubernetesClient): KubernetesClient => ({
      ...given,
      // eslint-disable-next-line require-yield
      watch: async function* (_type, { signal }) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      withSignal: (signal) => deaf(given.withSignal(signal)),
    });
    await start(deaf);
    const id = await client.begun('createConsortium', smallConsortium('trade'));
    const accepted = await client.ask<{ consortium: { name: string; state: string } }>('{ consortium(name: "trade") { name state } }');
    assert.deepEqual(accepted.data.consortium, { name: 'trade', state: 'live' }, 'at once: its name');
    await settled(async () => (await client.operation(id)).steps[0]?.state === 'succeeded');
    const { data } = await client.ask<{ consortium: { members: { name: string; nodes: object[] }[]; channels: object[]; contracts: { metadata: object }[] } }>(
      '{ consortium(name: "trade") { members { name nodes { name } } channels { name } contracts { name metadata } } }',
    );
    assert.deepEqual(data.consortium.members.map(({ name, nodes }) => `${name} ${nodes.length}`), ['bank 1', 'core 2']);
    assert.equal(data.consortium.channels.length, 1);
    assert.deepEqual(data.consortium.contracts, [{ name: 'note', metadata: { template: 'note', version: '1.0.0' } }]);
    await controlPlane.stop();
    await world.stop();
  });

  test('holds a consortium that was applied by another way', async () => {
    await start();
    const operator = startScriptedOperator(world.admin);
    await world.admin.create(namespaces, { metadata: { name: 'gh-gitops' } });
    await world.admin.create(namespaces, { metadata: { name: 'gh-gitops--solo' } });
    const spec = { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'solo', mspId: 'SoloMSP', namespace: 'gh-gitops--solo' }] } as const;
    await world.admin.create(consortium.type, { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', metadata: { namespace: 'gh-gitops', name: 'gitops' }, spec } as never);
    const memberSpec = { consortium: { namespace: 'gh-gitops', name: 'gitops' }, mspId: 'SoloMSP', displayName: '<script>alert(1)</script>', roles: ['endorsing'] };
    await world.admin.create(member.type, { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Member', metadata: { namespace: 'gh-gitops--solo', name: 'solo' }, spec: memberSpec } as unknown as GuildhallObject<never, never>);
    type Seen = { consortium: { createdBy: string; ready: boolean; members: { mspId: string; displayName: string }[] } };
    const query = '{ consortium(name: "gitops") { createdBy ready members { mspId displayName } } }';
    await settled(async () => (await client.ask<Seen>(query)).data?.consortium?.ready);
    const { data } = await client.ask<Seen>(query);
    assert.deepEqual(data.consortium, { createdBy: 'cluster', ready: true, members: [{ mspId: 'SoloMSP', displayName: '<script>alert(1)</script>' }] });
    assert.equal((await client.begin('createConsortium', smallConsortium('gitops'))).errors?.[0]?.extensions.code, 'DUPLICATE');
    // And it can be deleted by the API, with the namespaces that were not Guildhall's left alone.
    await client.until(await client.begun('deleteConsortium', { name: 'gitops', confirmName: 'gitops', deleteData: true }), 'succeeded');
    assert.equal((await client.ask('{ consortium(name: "gitops") { id } }')).errors?.[0]?.extensions.code, 'NOT_FOUND');
    assert.ok(await world.admin.get(namespaces, { name: 'gh-gitops' }));
    operator.stop();
  });
});
