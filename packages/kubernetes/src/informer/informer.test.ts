import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import type { KubernetesClient, WatchOptions } from '../client/api.ts';
import type { WatchEvent } from '../client/watch-events.ts';
import { type ConfigMap, configMaps } from '../core.ts';
import { ApiError, TransportError } from '../errors.ts';
import { createMetrics } from '../metrics.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import type { KubernetesObject } from '../types.ts';
import { createInformer, type Informer, type InformerOptions } from './informer.ts';

const object = (name: string, version: number): ConfigMap => ({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n', uid: name, resourceVersion: String(version) },
});

/** When an informer asks again, by a clock that the test moves; what it asks for, and what it then says, is in test/informer-faults.test.ts. */
describe('an informer in time', () => {
  let clock: FakeClock;
  let stop: AbortController;
  let watches: { at: number; options: WatchOptions }[];
  let lists: number[];
  let script: ((options: WatchOptions) => AsyncIterable<WatchEvent<ConfigMap>>)[];

  beforeEach(() => {
    clock = createFakeClock();
    stop = new AbortController();
    watches = [];
    lists = [];
    script = [];
  });
  afterEach(async () => {
    stop.abort();
    await clock.settle();
    assert.equal(clock.pending(), 0, 'a stopped informer leaves no timer');
  });

  async function* quiet({ signal }: WatchOptions): AsyncGenerator<WatchEvent<ConfigMap>> {
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    yield { type: 'BOOKMARK', resourceVersion: '0' };
  }

  async function start(options: InformerOptions<ConfigMap> = {}): Promise<Informer<ConfigMap>> {
    const client = {
      list: () => {
        lists.push(clock.monotonic());
        return Promise.resolve({ items: [], resourceVersion: '1' });
      },
      watch: <T extends KubernetesObject>(_type: unknown, watch: WatchOptions) => {
        watches.push({ at: clock.monotonic(), options: watch });
        return (script.shift() ?? quiet)(watch) as AsyncIterable<WatchEvent<KubernetesObject>> as AsyncIterable<WatchEvent<T>>;
      },
    };
    const informer = createInformer(client, configMaps, { clock, random: () => 0, ...options });
    informer.start(stop.signal);
    await clock.settle();
    return informer;
  }

  it('asks for bookmarks, and for an end at a random time between 5 and 10 minutes', async () => {
    const values = [0, 0.999];
    await start({ random: () => values.shift() ?? 0 });
    stop.abort();
    stop = new AbortController();
    await start({ random: () => values.shift() ?? 0 });
    assert.deepEqual(watches.map(({ options }) => [options.allowWatchBookmarks, options.timeoutSeconds]), [[true, 300], [true, 600]]);
  });

  it('waits longer after each watch that ends early, although each has brought an event', async () => {
    for (let round = 1; round <= 5; round++) {
      script.push(async function* () {
        await Promise.resolve();
        yield { type: 'ADDED', object: object(`object-${round}`, round + 1) };
      });
    }
    await start();
    await clock.advance(10_000);
    assert.deepEqual(watches.map(({ at }) => at), [0, 50, 150, 350, 750, 1550]);
    assert.equal(watches.at(-1)?.options.resourceVersion, '6');
    assert.deepEqual(lists, [0]);
  });

  it('begins at once after a watch that ended in its own time, and forgets the failures before', async () => {
    const end = Promise.withResolvers<void>();
    const fail = async function* (): AsyncGenerator<WatchEvent<ConfigMap>> {
      await Promise.resolve();
      yield { type: 'BOOKMARK', resourceVersion: '2' };
      throw new Error('reset');
    };
    script.push(fail, fail, async function* () {
      await end.promise;
      yield { type: 'BOOKMARK', resourceVersion: '9' };
    });
    await start({ silenceMs: 1_000_000 });
    await clock.advance(400_000);
    assert.deepEqual(watches.map(({ at }) => at), [0, 50, 150]);
    end.resolve();
    await clock.settle();
    assert.deepEqual(watches.map(({ at, options }) => [at, options.resourceVersion]).at(-1), [400_000, '9']);
  });

  it('waits as long as the server asks', async () => {
    script.push(() => {
      throw new ApiError(429, 'TooManyRequests', 'busy', { retryAfterSeconds: 7 });
    });
    await start();
    await clock.advance(6_999);
    assert.equal(watches.length, 1);
    await clock.advance(1);
    assert.equal(watches.length, 2);
  });

  it('takes a watch for dead after its silence, resumes, and lists after a second silence', async () => {
    const metrics = createMetrics();
    const informer = await start({ metrics, silenceMs: 150_000 });
    await clock.advance(149_999);
    assert.equal(watches.length, 1);
    assert.equal(informer.secondsSinceActivity(), 149.999);
    await clock.advance(1_000);
    assert.deepEqual([watches.length, lists.length], [2, 1]);
    await clock.advance(151_000);
    assert.deepEqual([watches.length, lists.length], [3, 2]);
    assert.match(await metrics.text(), /guildhall_informer_watch_restarts_total\{kind="ConfigMap",reason="silent"\} 2/);
    assert.match(await metrics.text(), /guildhall_informer_watch_restarts_total\{kind="ConfigMap",reason="failed"\} 0/);
  });

  it('is not taken for dead while it is heard, if only by bookmarks', async () => {
    const heard: (() => void)[] = [];
    script.push(async function* ({ signal }) {
      for (let version = 2; ; version++) {
        await new Promise<void>((resolve, reject) => {
          heard.push(resolve);
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
        yield { type: 'BOOKMARK', resourceVersion: String(version) };
      }
    });
    const informer = await start({ silenceMs: 150_000 });
    for (let minute = 0; minute < 30; minute++) {
      await clock.advance(60_000);
      heard.shift()?.();
      await clock.settle();
    }
    assert.equal(watches.length, 1);
    assert.equal(informer.secondsSinceActivity(), 0);
  });
});

describe('what an informer says of its server', () => {
  it('is what it last met, until the server has begun to answer a watch again', async () => {
    const clock = createFakeClock();
    const stop = new AbortController();
    const opened = Promise.withResolvers<void>();
    const script: ((options: WatchOptions) => void)[] = [
      () => {
        throw new TransportError('Unreachable', 'connect ECONNREFUSED 10.0.0.1:6443');
      },
      () => {
        throw new ApiError(403, 'Forbidden', 'no');
      },
      ({ onOpen }) => void opened.promise.then(onOpen),
    ];
    const client = {
      list: () => Promise.resolve({ items: [], resourceVersion: '1' }),
      async *watch<T extends KubernetesObject>(_type: unknown, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
        script.shift()?.(options);
        await new Promise((_resolve, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason as Error)));
        yield { type: 'BOOKMARK', resourceVersion: '0' };
      },
    };
    const informer = createInformer(client, configMaps, { clock, random: () => 0 });
    assert.match(informer.problem() ?? '', /not read yet/);
    informer.start(stop.signal);
    await clock.settle();
    assert.equal(informer.problem(), 'the server does not answer (Unreachable)');
    await clock.advance(50);
    assert.equal(informer.problem(), 'the server answers 403 (Forbidden)');
    await clock.advance(100);
    assert.equal(script.length, 0);
    assert.equal(informer.problem(), 'the server answers 403 (Forbidden)', 'a watch that was asked for is no answer yet');
    opened.resolve();
    await clock.settle();
    assert.equal(informer.problem(), undefined);
    stop.abort();
    await clock.settle();
  });

  it('is right with a server that has nothing to tell', async () => {
    const clock = createFakeClock();
    const stop = new AbortController();
    const api = createMemoryApi();
    let away = false;
    const client = memoryClient((...call) => (away ? Promise.reject(new TransportError('Unreachable', 'away')) : api.fetch(...call)), { clock });
    let breakOff: () => void = () => undefined;
    const breaking: Pick<KubernetesClient, 'list' | 'watch'> = {
      list: client.list,
      async *watch(type, options) {
        const over = new AbortController();
        breakOff = () => over.abort(new TransportError('Interrupted', 'broken off'));
        yield* client.watch(type, { ...options, signal: AbortSignal.any([options.signal, over.signal]) });
      },
    };
    const informer = createInformer(breaking, configMaps, { clock, random: () => 0 });
    informer.start(stop.signal);
    await informer.waitForSync(stop.signal);
    await clock.settle();
    assert.equal(informer.problem(), undefined);
    away = true;
    breakOff();
    await clock.advance(1000);
    assert.match(informer.problem() ?? '', /does not answer/);
    away = false;
    await clock.advance(20_000);
    assert.equal(informer.problem(), undefined);
    stop.abort();
    await clock.settle();
  });
});

describe('an informer and those who read it', () => {
  let stop: AbortController;
  let client: KubernetesClient;
  let clock: FakeClock;

  beforeEach(() => {
    stop = new AbortController();
    clock = createFakeClock();
    client = memoryClient(createMemoryApi().fetch, { clock });
  });
  afterEach(() => stop.abort());

  it('holds one watch, however often it is started', async () => {
    let watching = 0;
    const counted = { list: client.list.bind(client), watch: ((type, options) => (watching++, client.watch(type, options))) as KubernetesClient['watch'] };
    const informer = createInformer(counted, configMaps, { clock });
    informer.start(stop.signal);
    informer.start(stop.signal);
    await clock.settle();
    assert.equal(watching, 1);
  });

  it('tells a handler that comes late what is there, and one that has left nothing', async () => {
    await client.apply(configMaps, { metadata: { name: 'a', namespace: 'n' } });
    const informer = createInformer(client, configMaps, { clock });
    informer.start(stop.signal);
    await informer.waitForSync(stop.signal);
    const told: unknown[] = [];
    const leave = informer.onChange(({ type, object, initial }) => told.push([type, object.metadata.name, initial]));
    assert.deepEqual(told, [['added', 'a', true]]);
    await client.apply(configMaps, { metadata: { name: 'b', namespace: 'n' } });
    await clock.settle();
    leave();
    await client.apply(configMaps, { metadata: { name: 'c', namespace: 'n' } });
    await clock.settle();
    assert.deepEqual(told, [['added', 'a', true], ['added', 'b', undefined]]);
    assert.ok(informer.get('n', 'c'));
  });

  it('lets those who wait for it go when they are stopped', async () => {
    const informer = createInformer({ ...client, list: () => new Promise(() => undefined) }, configMaps, { clock });
    informer.start(stop.signal);
    const waiting = informer.waitForSync(stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(waiting, /stopped/);
    await assert.rejects(informer.waitForSync(stop.signal), /stopped/);
    assert.equal(informer.hasSynced(), false);
  });
});
