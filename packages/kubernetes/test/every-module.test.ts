import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  applyOwned, applyStatusIfChanged, byOwner, type Condition, createController, createEventRecorder, createHealth, createInformer,
  createLeaderElector, createManager, createMetrics, done, ensureFinalizer, events, type Health, type Informer, isDeleting, isReady, type KubernetesClient,
  type KubernetesObject, type Metrics, type Ref, refOf, removeFinalizer, type ResourceType, type Result, type Secret, secrets, setStanding,
} from '../src/index.ts';
import { createFakeClock, createFaultPlan, type FakeClock, type FaultPlan, type SeenRequest } from '../src/testing/index.ts';
import { collectLogs } from './support/logs.ts';
import { createMemoryApi } from './support/memory-api.ts';
import { memoryClient } from './support/memory-client.ts';

interface Thing extends KubernetesObject {
  spec?: { children: number };
  status?: { conditions?: Condition[] };
}
const things: ResourceType<Thing> = { group: 'example.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
const finalizer = 'guildhall.dev/cleanup';
const silenceMs = 60_000;

/** One call of each module that talks to the server, as the requests of an operator that uses all of them. */
const calls: Record<string, (request: SeenRequest) => boolean> = {
  'the first list of an informer': ({ method, path }) => method === 'GET' && /\/things\?/.test(path) && !path.includes('watch='),
  'the watch of an informer': ({ path }) => /\/secrets\?.*watch=true/.test(path),
  'the reading of the lease': ({ method, path }) => method === 'GET' && path.includes('/leases/'),
  'the taking or renewal of the lease': ({ method, path }) => method !== 'GET' && path.includes('/leases'),
  'the patch of a finalizer': ({ method, path }) => method === 'PATCH' && /\/things\/a\?/.test(path),
  'the apply of a child': ({ method, path }) => method === 'PATCH' && path.includes('/secrets/'),
  'the apply of a status': ({ path }) => path.includes('/status?'),
  'the writing of an event': ({ method, path }) => method === 'POST' && path.includes('/events'),
};

describe('an operator that uses every module, against a server that fails', () => {
  let clock: FakeClock;
  let api: ReturnType<typeof createMemoryApi>;
  let faults: FaultPlan;
  let stop: AbortController;
  let metrics: Metrics;
  let health: Health;
  let logs: ReturnType<typeof collectLogs>;
  let wanted: Informer<Thing>;
  let children: Informer<Secret>;
  let running: Promise<unknown>;
  let bugs: number;

  beforeEach(async () => {
    clock = createFakeClock();
    api = createMemoryApi();
    faults = createFaultPlan();
    stop = new AbortController();
    metrics = createMetrics();
    health = createHealth();
    logs = collectLogs();
    bugs = 0;
    await want(2);
  });
  afterEach(async () => {
    stop.abort();
    await clock.advance(60_000);
    assert.equal(await running, undefined);
    assert.deepEqual([api.watches(), clock.pending()], [0, 0], 'no watch and no timer is left');
  });

  const user = (): KubernetesClient => memoryClient(api.fetch, { clock });
  const want = (count: number): Promise<Thing> => user().apply(things, { metadata: { name: 'a', namespace: 'n' }, spec: { children: count } }, { force: true });
  const read = (): Promise<Thing | undefined> => user().get(things, { namespace: 'n', name: 'a' });

  async function start(): Promise<void> {
    // One attempt per call: what persists is the runtime.
    const options = { clock, attempts: 1, onCall: metrics.onCall };
    const client = memoryClient(faults.wrap(api.fetch), options);
    const informing = { clock, metrics, logger: logs, silenceMs, random: () => 0 };
    wanted = createInformer(client, things, informing);
    children = createInformer(client, secrets, { ...informing, indexes: { owner: byOwner } });
    const recorder = createEventRecorder(client, 'test', { clock, metrics, logger: logs, instance: 'test' });

    async function reconcile({ namespace = '', name }: Ref): Promise<Result> {
      if (bugs > 0) {
        bugs--;
        throw new TypeError('a bug in a reconcile');
      }
      const object = wanted.get(namespace, name);
      if (!object) return done;
      if (isDeleting(object)) {
        for (const child of children.byIndex('owner', object.metadata.uid ?? '')) await client.delete(secrets, refOf(child), { uid: child.metadata.uid });
        await removeFinalizer(client, things, object, finalizer);
        return done;
      }
      const owner = await ensureFinalizer(client, things, object, finalizer);
      for (let index = 0; index < (object.spec?.children ?? 0); index++) {
        await applyOwned(client, secrets, owner, { metadata: { name: `${name}-${index}`, namespace } }, children.get(namespace, `${name}-${index}`));
      }
      const conditions = setStanding(object.status?.conditions, { kind: 'ready', reason: 'Ready', message: '' }, { generation: object.metadata.generation, now: clock.now() });
      await applyStatusIfChanged(client, things, object, { conditions });
      recorder.record(object, { type: 'Normal', reason: 'Ready', action: 'Reconcile', note: '' });
      return done;
    }

    const controller = createController({
      name: 'things', type: things, informer: wanted, reconcile, clock, metrics, logger: logs, random: () => 0,
      watches: [{ informer: children, map: (child) => (child.metadata.ownerReferences ?? []).map(({ name }) => ({ namespace: 'n', name })) }],
    });
    const leaderElection = createLeaderElector({ client, lease: { namespace: 'n', name: 'operator' }, identity: 'one', clock, metrics, logger: logs, random: () => 0 });
    running = createManager({ controllers: [controller], leaderElection, health, clock, logger: logs }).run(stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    await clock.settle();
  }

  async function assertTrue(count: number): Promise<void> {
    const thing = await read();
    assert.ok(thing && isReady(thing), 'the status is written, for the present spec');
    assert.deepEqual(thing.metadata.finalizers, [finalizer]);
    const { items } = await user().list(secrets, { namespace: 'n' });
    assert.deepEqual(items.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.map(({ uid }) => uid)]),
      Array.from({ length: count }, (_, index) => [`a-${index}`, [thing.metadata.uid]]), 'the children are there, and their owner is this one');
    assert.deepEqual([wanted.list().length, children.list().length], [1, count], 'the caches know it');
    assert.ok((await user().list(events)).items.some(({ regarding }) => regarding.uid === thing.metadata.uid), 'an event tells of it');
    assert.deepEqual([health.ready().ok, health.live().ok], [true, true]);
    assert.match(await metrics.text(), /guildhall_leader\{lease="n\/operator"\} 1/);
    assert.match(await metrics.text(), /guildhall_queue_depth\{queue="things"\} 0/);
  }

  /** What failed is over; then everything is as wanted, stays so, and whatever is wanted next comes about. */
  async function provesWell(): Promise<void> {
    await clock.advance(30_000);
    await assertTrue(2);
    const writes = faults.writes.length;
    await clock.advance(240_000);
    assert.equal(faults.writes.length, writes, 'at rest it writes nothing');
    await want(3);
    await clock.advance(5_000);
    await assertTrue(3);
  }

  const ways = { 'answers 500': { status: 500 }, 'resets the connection': 'reset', 'answers 503': { status: 503 } } as const;
  for (const [what, how] of Object.entries(ways)) {
    for (const [which, match] of Object.entries(calls)) {
      it(`${what} three times to ${which}`, async () => {
        faults.fail(3, how, match);
        await start();
        // What the event recorder could not write comes with the next occasion.
        if (which === 'the writing of an event') {
          for (let round = 0; round < 3; round++) {
            await user().mergePatch(things, { namespace: 'n', name: 'a' }, { metadata: { labels: { round: String(round) } } });
            await clock.advance(1_000);
          }
        }
        await provesWell();
        assert.ok(faults.requests.filter(match).length > 3, 'it was asked again');
      });
    }
  }

  it('answers 410 to every watch, in the middle of the work', async () => {
    await start();
    await clock.advance(1_000);
    api.compact();
    faults.dropWatches();
    await want(1);
    await want(2);
    await provesWell();
    assert.match(await metrics.text(), /watch_restarts_total\{kind="Thing",reason="expired"\} 1/);
  });

  it('falls silent', async () => {
    await start();
    await clock.advance(1_000);
    const held = faults.holdWatches();
    await user().delete(secrets, { namespace: 'n', name: 'a-1' });
    await clock.advance(silenceMs - 2_000);
    assert.equal(children.get('n', 'a-1')?.metadata.name, 'a-1', 'nothing was heard');
    await clock.advance(silenceMs + 10_000);
    assert.equal((await user().list(secrets)).items.length, 2, 'the silence was noticed, and what had happened in it was found by a list');
    held.release();
    await provesWell();
    assert.match(await metrics.text(), /watch_restarts_total\{kind="Secret",reason="silent"\} [2-9]/);
  });

  it('has a handler that throws, and a reconcile with a bug', async () => {
    bugs = 3;
    await start();
    wanted.onChange(() => {
      throw new Error('a bug in a handler');
    });
    await provesWell();
    assert.ok(logs.lines.some(({ message }) => message === 'a change handler threw'));
    assert.match(await metrics.text(), /reconcile_panics_total\{controller="things"\} 3/);
  });

  it('deletes and makes again while nobody looks', async () => {
    await start();
    await clock.advance(1_000);
    const first = await read();
    const held = faults.holdWatches();
    await user().mergePatch(things, { namespace: 'n', name: 'a' }, { metadata: { finalizers: null } });
    await user().delete(things, { namespace: 'n', name: 'a' });
    await want(2);
    api.compact();
    faults.dropWatches();
    held.release();
    await provesWell();
    assert.notEqual((await read())?.metadata.uid, first?.metadata.uid);
  });

  it('is used up: after all of that, one after the other, the object can still be deleted', async () => {
    await start();
    for (const match of Object.values(calls)) faults.fail(1, { status: 500 }, match);
    faults.dropWatches();
    api.compact();
    await user().delete(things, { namespace: 'n', name: 'a' });
    await clock.advance(60_000);
    assert.equal(await read(), undefined);
    assert.deepEqual((await user().list(secrets)).items, []);
  });
});
