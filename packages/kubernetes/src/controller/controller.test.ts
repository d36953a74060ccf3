import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { collectLogs } from '../../test/support/logs.ts';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import type { KubernetesClient } from '../client/api.ts';
import { type ConfigMap, configMaps, type Secret, secrets } from '../core.ts';
import { ApiError } from '../errors.ts';
import { createInformer, type Informer } from '../informer/informer.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { type Ref, refOf } from '../types.ts';
import { type Controller, type ControllerOptions, createController, done, pausedAnnotation, type ReconcileContext, requeue } from './controller.ts';
import { ConflictError, RetryableError, TerminalError } from './errors.ts';

describe('a controller', () => {
  let clock: FakeClock;
  let client: KubernetesClient;
  let metrics: Metrics;
  let logs: ReturnType<typeof collectLogs>;
  let roots: Informer<ConfigMap>;
  let others: Informer<Secret>;
  let informing: AbortController;
  let soft: AbortController;
  let hard: AbortController;
  let running: Promise<void>;
  let calls: string[];

  beforeEach(async () => {
    clock = createFakeClock();
    client = memoryClient(createMemoryApi().fetch, { clock });
    metrics = createMetrics();
    logs = collectLogs();
    informing = new AbortController();
    soft = new AbortController();
    hard = new AbortController();
    calls = [];
    roots = createInformer(client, configMaps, { clock });
    others = createInformer(client, secrets, { clock });
    roots.start(informing.signal);
    others.start(informing.signal);
    await clock.settle();
  });
  afterEach(async () => {
    hard.abort();
    await clock.advance(20_000);
    await running;
    informing.abort();
    await clock.settle();
  });

  type Reconcile = ControllerOptions<ConfigMap, []>['reconcile'];

  async function start(reconcile: Reconcile, options: Partial<ControllerOptions<ConfigMap, [Secret]>> = {}): Promise<Controller> {
    const controller = createController<ConfigMap, [Secret]>({
      name: 'test',
      type: configMaps,
      informer: roots,
      watches: [{ informer: others, map: (secret) => [{ namespace: 'default', name: secret.metadata.name }] }],
      reconcile: (ref, context) => {
        calls.push(ref.name);
        return reconcile(ref, context);
      },
      clock, metrics, logger: logs, random: () => 0,
      ...options,
    });
    running = controller.run({ soft: soft.signal, hard: hard.signal });
    await clock.settle();
    return controller;
  }

  const make = async (name: string, annotations: Record<string, string> = {}): Promise<ConfigMap> => {
    const made = await client.create(configMaps, { metadata: { name, namespace: 'default', annotations } });
    await clock.settle();
    return made;
  };
  const touch = async (name: string, data: string): Promise<void> => {
    await client.mergePatch(configMaps, { namespace: 'default', name }, { data: { data } });
    await clock.settle();
  };
  const metric = async (line: string): Promise<number> => {
    const found = (await metrics.text()).split('\n').find((text) => text.startsWith(`guildhall_${line} `));
    assert.ok(found, `no metric ${line}`);
    return Number(found.split(' ').at(-1));
  };

  it('reconciles what is there at the start and what comes, changes and goes, by its key alone', async () => {
    await make('early');
    const seen: [string, boolean][] = [];
    await start((ref) => {
      seen.push([ref.name, roots.get(ref.namespace, ref.name) !== undefined]);
      return Promise.resolve(done);
    });
    await make('late');
    await touch('late', 'changed');
    await client.delete(configMaps, { namespace: 'default', name: 'late' });
    await clock.settle();
    assert.deepEqual(seen, [['early', true], ['late', true], ['late', true], ['late', false]]);
    assert.equal(await metric('reconcile_total{controller="test",result="success"}'), 4);
  });

  it('calls reconcile in the same turn of the event loop, without a timer', async () => {
    const handled: Promise<string>[] = [];
    await start(() => Promise.resolve(done));
    roots.onChange(() => {
      const before = calls.length;
      handled.push(setImmediate().then(() => setImmediate()).then(() => (calls.length > before || calls.includes('prompt') ? 'called' : 'not yet')));
    });
    await make('prompt');
    assert.deepEqual(await Promise.all(handled), ['called']);
  });

  it('never reconciles one object twice at once, but others beside it, up to its concurrency', async () => {
    const gates = new Map<string, () => void>();
    await start((ref) => new Promise((resolve) => gates.set(ref.name, () => resolve(done))), { concurrency: 2 });
    for (const name of ['a', 'b', 'c']) await make(name);
    await touch('a', '1');
    await touch('a', '2');
    assert.deepEqual(calls, ['a', 'b']);
    assert.equal(await metric('workers_active{controller="test"}'), 2);
    assert.equal(await metric('workers_max{controller="test"}'), 2);
    assert.equal(await metric('queue_depth{queue="test"}'), 1);
    gates.get('b')?.();
    await clock.settle();
    assert.deepEqual(calls, ['a', 'b', 'c']);
    gates.get('a')?.();
    await clock.settle();
    assert.deepEqual(calls, ['a', 'b', 'c', 'a'], 'two changes meanwhile are one run afterwards');
    gates.get('c')?.();
    gates.get('a')?.();
    await clock.settle();
    assert.equal(await metric('workers_active{controller="test"}'), 0);
  });

  it("is asked by another kind's change through its map function, also for what the object concerned before", async () => {
    await make('one');
    await make('two');
    await client.create(secrets, { metadata: { name: 'link', namespace: 'default', labels: { to: 'one' } } });
    await clock.settle();
    await start(() => Promise.resolve(done), {
      watches: [{ informer: others, map: ({ metadata }) => [{ namespace: 'default', name: metadata.labels?.['to'] ?? '' }] }],
    });
    calls.length = 0;
    await client.mergePatch(secrets, { namespace: 'default', name: 'link' }, { metadata: { labels: { to: 'two' } } });
    await clock.settle();
    assert.deepEqual(calls.sort(), ['one', 'two']);
  });

  it('waits without an error when it is told to come back later, and comes at once when something changes', async () => {
    await make('a');
    await start(() => Promise.resolve(requeue(5_000, 'WaitingForPod')));
    assert.equal(calls.length, 1);
    await clock.advance(4_999);
    assert.equal(calls.length, 1);
    await clock.advance(1);
    assert.equal(calls.length, 2);
    await touch('a', 'changed');
    assert.equal(calls.length, 3);
    assert.equal(await metric('reconcile_total{controller="test",result="requeue_after"}'), 3);
    assert.equal(await metric('reconcile_errors_total{controller="test"}'), 0);
    assert.ok(logs.lines.some(({ fields }) => fields['reason'] === 'WaitingForPod'));
  });

  it('takes back a wait that has become needless', async () => {
    let answer = requeue(5_000, 'WaitingForPod');
    await make('a');
    await start(() => Promise.resolve(answer));
    answer = done;
    await touch('a', 'changed');
    await clock.advance(60_000);
    assert.equal(calls.length, 2);
  });

  it('repeats what fails, after 5, 10, 20 ms and so on, and starts over after a success', async () => {
    let fails = true;
    await make('a');
    await start(() => (fails ? Promise.reject(new Error('not now')) : Promise.resolve(done)));
    const until = async (ms: number): Promise<number> => (await clock.advance(ms), calls.length);
    assert.deepEqual([calls.length, await until(5), await until(10), await until(19), await until(1)], [1, 2, 3, 3, 4]);
    assert.equal(await metric('reconcile_errors_total{controller="test"}'), 4);
    assert.equal(await metric('queue_retries_total{queue="test"}'), 4);
    fails = false;
    await clock.advance(40);
    fails = true;
    await touch('a', 'changed');
    assert.equal(calls.length, 6);
    await clock.advance(5);
    assert.equal(calls.length, 7);
  });

  it('waits at least as long as a RetryableError or the server says', async () => {
    await make('a');
    const errors = [new RetryableError('busy', { afterMs: 3_000 }), new ApiError(429, 'TooManyRequests', 'busy', { retryAfterSeconds: 7 })];
    await start(() => {
      const error = errors.shift();
      return error ? Promise.reject(error) : Promise.resolve(done);
    });
    await clock.advance(2_999);
    assert.equal(calls.length, 1);
    await clock.advance(1);
    assert.equal(calls.length, 2);
    await clock.advance(6_999);
    assert.equal(calls.length, 2);
    await clock.advance(1);
    assert.equal(calls.length, 3);
  });

  it('recovers whatever is thrown, counts what only a bug throws, and serves others meanwhile', async () => {
    const thrown: Record<string, () => never> = {
      typeError: () => {
        const nothing = JSON.parse('null') as { a: string };
        throw new TypeError(nothing.a);
      },
      string: () => {
        const notEvenAnError: unknown = 'not even an error';
        throw notEvenAnError;
      },
      later: () => {
        throw new Error('an ordinary failure');
      },
    };
    for (const name of Object.keys(thrown)) await make(name);
    await make('healthy');
    await start((ref) => {
      const misbehave = thrown[ref.name];
      if (misbehave) return misbehave();
      return Promise.resolve(done);
    });
    assert.deepEqual(new Set(calls), new Set(['typeError', 'string', 'later', 'healthy']));
    assert.equal(await metric('reconcile_panics_total{controller="test"}'), 2);
    assert.equal(await metric('reconcile_errors_total{controller="test"}'), 3);
  });

  it('counts a conflict apart and looks again', async () => {
    await make('a');
    const errors = [new ConflictError('stale'), new ApiError(409, 'Conflict', 'the object has been modified')];
    await start(() => {
      const error = errors.shift();
      return error ? Promise.reject(error) : Promise.resolve(done);
    });
    await clock.advance(100);
    assert.equal(calls.length, 3);
    assert.equal(await metric('reconcile_total{controller="test",result="conflict"}'), 2);
    assert.equal(await metric('reconcile_errors_total{controller="test"}'), 0);
    assert.ok(logs.lines.every(({ level }) => level !== 'error' && level !== 'warn'));
  });

  it('rests after a TerminalError, through time and resync, until the object changes', async () => {
    await make('a');
    await start(() => Promise.reject(new TerminalError('impossible spec')), { resyncMs: 1_000 });
    await clock.advance(100_000);
    assert.equal(calls.length, 1);
    assert.equal(await metric('reconcile_terminal_errors_total{controller="test"}'), 1);
    assert.equal(await metric('reconcile_errors_total{controller="test"}'), 0);
    await touch('a', 'changed');
    assert.equal(calls.length, 2);
    await clock.advance(100_000);
    assert.equal(calls.length, 2);
  });

  it('rests after a TerminalError until something that maps to the object changes', async () => {
    await make('a');
    await start(() => Promise.reject(new TerminalError('names what does not exist')));
    await client.create(secrets, { metadata: { name: 'a', namespace: 'default' } });
    await clock.settle();
    assert.equal(calls.length, 2);
  });

  it('looks at everything again after the resync time, behind what users change', async () => {
    for (const name of ['a', 'b', 'c']) await make(name);
    const gate = Promise.withResolvers<void>();
    let held = false;
    await start(
      async () => {
        if (held) await gate.promise;
        return done;
      },
      { resyncMs: 10_000, concurrency: 1 },
    );
    calls.length = 0;
    held = true;
    await clock.advance(10_000);
    await touch('c', 'by a user');
    gate.resolve();
    await clock.settle();
    assert.deepEqual(calls, ['a', 'c', 'b'], 'a was running, then the user, then the rest of the resync');
  });

  it('looks again at one object after the other, evenly over the resync time, also at those that came later', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await make(name);
    await start(() => Promise.resolve(done), { resyncMs: 100_000, random: () => 0.5 });
    const looked = async (ms: number): Promise<string> => {
      calls.length = 0;
      await clock.advance(ms);
      return calls.join('');
    };
    assert.deepEqual([await looked(25_000), await looked(25_000), await looked(50_000), await looked(100_000)], ['a', 'b', 'cd', 'abcd']);
    await make('b2');
    assert.equal((await looked(100_000)).includes('b2'), true);
  });

  it('aborts a run that takes too long, counts it, and tries again', async () => {
    await make('a');
    const reasons: unknown[] = [];
    await start(
      (_ref, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push((signal.reason as Error).message);
            reject(new Error('gave up'));
          });
        }),
      { timeoutMs: 1_000 },
    );
    await clock.advance(1_000);
    assert.deepEqual(reasons, ['not done within 1000 ms']);
    assert.equal(await metric('reconcile_timeouts_total{controller="test"}'), 1);
    await clock.advance(5);
    assert.equal(calls.length, 2);
    assert.ok(!logs.lines.some(({ message }) => message.includes('ignores its signal')), 'it has heeded it');
  });

  it('goes on without a run that ignores its signal, and keeps its object taken until it ends', async () => {
    let free = (): void => undefined;
    await make('stuck');
    await start((ref) => (ref.name === 'stuck' ? new Promise((resolve) => (free = (): void => resolve(done))) : Promise.resolve(done)), {
      timeoutMs: 1_000, concurrency: 1,
    });
    await make('next');
    await touch('stuck', 'again');
    await clock.advance(10_999);
    assert.deepEqual(calls, ['stuck']);
    await clock.advance(1);
    assert.deepEqual(calls, ['stuck', 'next']);
    assert.ok(logs.lines.some(({ level, message }) => level === 'error' && message.includes('ignores its signal')));
    free();
    await clock.settle();
    assert.deepEqual(calls, ['stuck', 'next', 'stuck']);
  });

  it('leaves a paused object alone until it is not', async () => {
    await make('a', { [pausedAnnotation]: 'true' });
    await start(() => Promise.resolve(done));
    await touch('a', 'changed');
    assert.deepEqual(calls, []);
    assert.equal(await metric('reconcile_total{controller="test",result="paused"}'), 2);
    await client.mergePatch(configMaps, { namespace: 'default', name: 'a' }, { metadata: { annotations: { [pausedAnnotation]: null } } });
    await clock.settle();
    assert.deepEqual(calls, ['a']);
  });

  it('gives each run an id of its own, in each of its log lines', async () => {
    const ids: string[] = [];
    await start((_ref: Ref, { reconcileId, logger }: ReconcileContext) => {
      ids.push(reconcileId);
      logger.info({}, 'from inside');
      return Promise.resolve(done);
    });
    await make('a');
    await make('b');
    assert.equal(new Set(ids).size, 2);
    const lines = logs.lines.filter(({ message }) => message === 'from inside');
    assert.deepEqual(lines.map(({ fields }) => fields), [
      { controller: 'test', reconcileId: ids[0], object: 'default/a' },
      { controller: 'test', reconcileId: ids[1], object: 'default/b' },
    ]);
  });

  it('drains: finishes what runs, begins nothing, takes nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const finished: string[] = [];
    await start(
      async (ref) => {
        await gate.promise;
        finished.push(ref.name);
        return done;
      },
      { concurrency: 1 },
    );
    await make('running');
    await make('waiting');
    soft.abort();
    await make('late');
    gate.resolve();
    await running;
    assert.deepEqual(finished, ['running']);
  });

  it('aborts what runs when it must stop at once', async () => {
    let reason: unknown;
    await make('a');
    await start((_ref, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject((reason = signal.reason)))));
    hard.abort(new Error('the lease is lost'));
    await running;
    assert.equal((reason as Error).message, 'the lease is lost');
    assert.equal(calls.length, 1);
  });

  it('begins nothing without permission', async () => {
    const controller = createController({
      name: 'other', type: configMaps, informer: roots, reconcile: (ref) => (calls.push(refOf({ apiVersion: '', kind: '', metadata: ref }).name), Promise.resolve(done)), clock,
    });
    running = controller.run({ soft: soft.signal, hard: hard.signal, permitted: () => false });
    await make('a');
    assert.deepEqual(calls, []);
  });
});
