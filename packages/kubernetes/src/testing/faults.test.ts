import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import { until } from '../../test/support/until.ts';
import type { KubernetesClient } from '../client/api.ts';
import { configMaps, leases } from '../core.ts';
import { TransportError } from '../errors.ts';
import { createInformer } from '../informer/informer.ts';
import { createFaultPlan, type FaultPlan } from './faults.ts';

describe('a fault plan', () => {
  let api: ReturnType<typeof createMemoryApi>;
  let faults: FaultPlan;
  let stop: AbortController;
  let client: KubernetesClient;

  beforeEach(() => {
    api = createMemoryApi();
    faults = createFaultPlan();
    stop = new AbortController();
    client = memoryClient(faults.wrap(api.fetch), { attempts: 1 }).withSignal(stop.signal);
  });
  afterEach(() => stop.abort());
  const put = (name: string): Promise<unknown> => client.apply(configMaps, { metadata: { name, namespace: 'n' } });

  it('kills after a write: the write is there, its answer and all that follows are not', async () => {
    faults.killAfterWrite(2);
    await put('one');
    await client.create(leases, { metadata: { name: 'no write in this sense', namespace: 'n' } });
    const second = put('two');
    await faults.killed;
    const third = put('three');
    const read = client.get(configMaps, { namespace: 'n', name: 'one' });
    stop.abort(new Error('the dead are not answered'));
    for (const hanging of [second, third, read]) await assert.rejects(hanging, /the dead are not answered/);
    assert.deepEqual([...api.objects.keys()].filter((key) => key.includes('configmaps')), ['/api/v1/namespaces/n/configmaps/one', '/api/v1/namespaces/n/configmaps/two']);
    assert.equal(faults.writes.length, 2);
  });

  it('carries out a write and says that the connection broke', async () => {
    faults.executeAndTimeout(1);
    await assert.rejects(put('one'), (error) => error instanceof TransportError && error.code === 'Interrupted');
    assert.ok(await client.get(configMaps, { namespace: 'n', name: 'one' }));
  });

  it('refuses without carrying out: a storm of 429, an error, a broken connection', async () => {
    faults.throttle(2, 1);
    faults.fail(1, { status: 500 }, ({ method }) => method === 'PATCH');
    faults.fail(1, 'reset');
    await assert.rejects(put('one'), { status: 429, retryAfterSeconds: 1 });
    await assert.rejects(put('one'), { status: 429 });
    await assert.rejects(put('one'), { status: 500 });
    await assert.rejects(put('one'), { code: 'Interrupted' });
    assert.equal(api.objects.size, 0);
    await put('one');
  });

  it('breaks watches, and holds them back so that a cache grows old', async () => {
    const informer = createInformer(client, configMaps, { backoff: { baseMs: 1, maxMs: 5 } });
    informer.start(stop.signal);
    await until('a watch', () => api.watches() === 1);
    const held = faults.holdWatches();
    await put('late');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(informer.get('n', 'late'), undefined);
    held.release();
    await until('the change', () => informer.get('n', 'late') !== undefined);

    const before = faults.requests.length;
    faults.dropWatches();
    await until('another watch', () => faults.requests.length > before && api.watches() === 1);
    await put('after');
    await until('the next change', () => informer.get('n', 'after') !== undefined);
    stop.abort();
    await until('no watch', () => api.watches() === 0);
  });
});
