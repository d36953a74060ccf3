import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { collectLogs } from '../../test/support/logs.ts';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import { type ConfigMap, configMaps, leases } from '../core.ts';
import { createHealth, type Health } from '../health.ts';
import { createInformer } from '../informer/informer.ts';
import { createLeaderElector } from '../leader-election/leader-elector.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { createFaultPlan, type FaultPlan } from '../testing/faults.ts';
import { type ControllerOptions, createController, done } from './controller.ts';
import { LeadershipLostError } from './errors.ts';
import { createManager } from './manager.ts';

describe('a manager', () => {
  const lease = { namespace: 'guildhall', name: 'operator' };
  let clock: FakeClock;
  let api: ReturnType<typeof createMemoryApi>;
  let stop: AbortController;

  beforeEach(() => {
    clock = createFakeClock();
    api = createMemoryApi();
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await clock.advance(60_000);
  });

  interface Process {
    faults: FaultPlan;
    health: Health;
    reconciled: string[];
    ended: Promise<unknown>;
    hasEnded: () => boolean;
    logs: ReturnType<typeof collectLogs>;
  }

  /** A process of its own: with its own connection, caches and identity. */
  async function launch(
    identity: string,
    { reconcile = () => Promise.resolve(done), signal = stop.signal, election = true }: { reconcile?: ControllerOptions<ConfigMap, []>['reconcile']; signal?: AbortSignal; election?: boolean } = {},
  ): Promise<Process> {
    const faults = createFaultPlan();
    const client = memoryClient(faults.wrap(api.fetch), { clock, attempts: 1 });
    const health = createHealth();
    const logs = collectLogs();
    const reconciled: string[] = [];
    const informer = createInformer(client, configMaps, { clock, silenceMs: 60_000, random: () => 0 });
    const controller = createController({
      name: identity, type: configMaps, informer, clock, logger: logs,
      reconcile: (ref, context) => (reconciled.push(ref.name), reconcile(ref, context)),
    });
    const manager = createManager({
      controllers: [controller], health, clock, logger: logs,
      ...(election ? { leaderElection: createLeaderElector({ client, lease, identity, clock, random: () => 1 }) } : {}),
    });
    let over = false;
    const ended = manager.run(signal).then(
      () => undefined,
      (error: unknown) => error,
    ).finally(() => (over = true));
    await clock.settle();
    return { faults, health, reconciled, ended, hasEnded: () => over, logs };
  }

  const put = async (name: string): Promise<void> => {
    await memoryClient(api.fetch).apply(configMaps, { metadata: { name, namespace: 'default' } });
    await clock.settle();
  };

  it('fills its caches, leads, works; a second one is ready beside it and does nothing', async () => {
    await put('a');
    const first = await launch('first');
    const second = await launch('second');
    await clock.advance(30_000);
    assert.deepEqual([first.reconciled, second.reconciled], [['a'], []]);
    assert.deepEqual([first.health.ready().ok, second.health.ready().ok], [true, true]);
  });

  it('has a new leader reconciling within 20 s after the old one died', async () => {
    await put('a');
    const first = await launch('first');
    const second = await launch('second');
    await clock.advance(3_000);
    first.faults.kill();
    const before = clock.now();
    while (second.reconciled.length === 0 && clock.now() - before < 60_000) await clock.advance(250);
    assert.ok(clock.now() - before < 20_000, `${clock.now() - before} ms`);
    assert.deepEqual(second.reconciled, ['a']);
  });

  it('stops at once when it loses the lease: aborts what runs, begins nothing, fails', async () => {
    let reason: unknown;
    const one = await launch('one', {
      reconcile: (_ref, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject((reason = signal.reason)))),
    });
    await put('a');
    await memoryClient(api.fetch).mergePatch(leases, lease, { spec: { holderIdentity: 'usurper' } });
    await clock.advance(2_500);
    assert.ok((await one.ended) instanceof LeadershipLostError);
    assert.ok(reason instanceof LeadershipLostError);
    await put('b');
    await clock.advance(60_000);
    assert.deepEqual(one.reconciled, ['a']);
    assert.equal(api.watches(), 0);
  });

  it('does not wait for what ignores its signal when it loses the lease', async () => {
    const one = await launch('one', { reconcile: () => new Promise(() => undefined) });
    await put('a');
    await memoryClient(api.fetch).mergePatch(leases, lease, { spec: { holderIdentity: 'usurper' } });
    await clock.advance(2_500);
    assert.ok((await one.ended) instanceof LeadershipLostError);
  });

  it('shuts down: lets what runs finish, and only then gives the lease back', async () => {
    const gate = Promise.withResolvers<void>();
    const mine = new AbortController();
    const one = await launch('one', { signal: mine.signal, reconcile: async () => (await gate.promise, done) });
    await put('a');
    mine.abort();
    await clock.advance(5_000);
    const holder = async (): Promise<string | undefined> => (await memoryClient(api.fetch).get(leases, lease))?.spec?.holderIdentity;
    assert.equal(await holder(), 'one');
    assert.equal(one.hasEnded(), false);
    gate.resolve();
    await clock.settle();
    assert.equal(await one.ended, undefined);
    assert.equal(await holder(), undefined);
    assert.equal(api.watches(), 0);
    assert.equal(clock.pending(), 0, 'no timer is left');
  });

  it('shuts down: aborts after 30 s what does not finish, and gives the lease back all the same', async () => {
    const mine = new AbortController();
    const one = await launch('one', {
      signal: mine.signal,
      reconcile: (_ref, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    await put('a');
    mine.abort();
    await clock.advance(29_000);
    assert.equal(one.hasEnded(), false);
    await clock.advance(2_000);
    assert.equal(await one.ended, undefined);
    assert.equal((await memoryClient(api.fetch).get(leases, lease))?.spec?.holderIdentity, undefined);
  });

  it('can be stopped while it waits for its caches or for the lease', async () => {
    await launch('leader');
    const mine = new AbortController();
    const waiting = await launch('waiting', { signal: mine.signal });
    mine.abort();
    assert.equal(await waiting.ended, undefined);

    const other = new AbortController();
    api.fetch = () => Promise.reject(new Error('down'));
    const unsynced = await launch('unsynced', { signal: other.signal });
    assert.deepEqual(unsynced.health.ready(), { ok: false, checks: { caches: 'not read yet: ConfigMap' } });
    other.abort();
    assert.equal(await unsynced.ended, undefined);
  });

  it('is not alive any more when its watches have heard nothing for too long', async () => {
    const one = await launch('one', { election: false });
    assert.equal(one.health.live().ok, true);
    one.faults.fail(1_000_000, { status: 500 });
    one.faults.dropWatches();
    await clock.advance(601_000);
    assert.deepEqual(one.health.live(), { ok: false, checks: { watches: 'nothing heard for 600 s of: ConfigMap' } });
    assert.equal(one.health.ready().ok, true);
  });
});
