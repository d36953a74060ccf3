import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createClient } from '../src/client/client.ts';
import { type ConfigMap, configMaps } from '../src/core.ts';
import { createInformer, type Informer, type InformerOptions } from '../src/informer/informer.ts';
import type { Change } from '../src/informer/store.ts';
import { createMetrics, type Metrics } from '../src/metrics.ts';
import { type ApiServer, refuse, startApiServer, status } from './support/api-server.ts';
import { collectLogs } from './support/logs.ts';
import { until } from './support/until.ts';

/** Each way in which a server or a handler can fail, and then the proof that the informer knows the true state. */
describe('an informer against a server that fails', () => {
  let server: ApiServer;
  let stop: AbortController;
  let metrics: Metrics;
  let closeClient: () => Promise<void>;
  let changes: Change<ConfigMap>[];
  let logs: ReturnType<typeof collectLogs>;

  beforeEach(async () => {
    server = await startApiServer();
    stop = new AbortController();
    metrics = createMetrics();
    changes = [];
    logs = collectLogs();
  });
  afterEach(async () => {
    stop.abort();
    await closeClient();
    await server.close();
  });

  function follow(options: InformerOptions<ConfigMap> = {}): Informer<ConfigMap> {
    // One attempt per call: it is the informer's own persistence that is shown here.
    const client = createClient({ server: server.url, fieldManager: 'test', attempts: 1 });
    closeClient = () => client.close();
    const informer = createInformer(client, configMaps, { metrics, logger: logs, backoff: { baseMs: 5, maxMs: 50 }, ...options });
    informer.onChange((change) => changes.push(change));
    informer.start(stop.signal);
    return informer;
  }

  const known = (informer: Informer<ConfigMap>): ReturnType<ApiServer['state']> =>
    Object.fromEntries(informer.list().map(({ metadata, data }) => [metadata.name, { uid: metadata.uid, data }]));

  async function provesTrue(informer: Informer<ConfigMap>): Promise<void> {
    server.put('proof', { of: 'life' });
    await until('the informer to know the proof', () => informer.get('default', 'proof') !== undefined);
    assert.deepEqual(known(informer), server.state());
    // What the handlers were told adds up to the same.
    const told = new Map<string, string | undefined>();
    for (const { type, object } of changes) {
      if (type === 'deleted') told.delete(object.metadata.name);
      else told.set(object.metadata.name, object.metadata.uid);
    }
    assert.deepEqual(Object.fromEntries(told), Object.fromEntries(Object.entries(server.state()).map(([name, { uid }]) => [name, uid])));
  }

  async function synced(informer: Informer<ConfigMap>): Promise<void> {
    await informer.waitForSync(AbortSignal.timeout(60_000));
    await until('a watch to be open', () => server.openWatches() === 1);
  }

  const restarts = async (reason: string): Promise<number> => {
    const line = (await metrics.text()).split('\n').find((text) => text.startsWith('guildhall_informer_watch_restarts_total') && text.includes(`reason="${reason}"`));
    return Number(line?.split(' ').at(-1));
  };

  it('lists again after 500 on a list', async () => {
    server.put('a');
    server.nextList(refuse(500, 'InternalError'));
    server.nextList(refuse(500, 'InternalError'));
    const informer = follow();
    await synced(informer);
    assert.equal(server.lists.length, 3);
    await provesTrue(informer);
    assert.equal(await restarts('failed'), 2);
  });

  it('watches again after 500 on a watch, without listing again', async () => {
    server.put('a');
    server.nextWatch(refuse(500, 'InternalError'));
    const informer = follow();
    await synced(informer);
    await provesTrue(informer);
    assert.equal(server.lists.length, 1);
    assert.equal(server.watches.length, 2);
  });

  it('resumes at the last version after the connection is reset in the middle of a watch', async () => {
    const informer = follow();
    await synced(informer);
    const last = server.put('before');
    await until('the change to arrive', () => informer.get('default', 'before') !== undefined);
    server.resetWatches();
    server.put('meanwhile');
    await provesTrue(informer);
    assert.equal(server.lists.length, 1);
    assert.equal(server.watches[1]?.searchParams.get('resourceVersion'), last.metadata.resourceVersion);
  });

  it('survives a connection that is reset in the middle of a line', async () => {
    const informer = follow();
    await synced(informer);
    server.sendToWatches('{"type":"ADDED","object":{"metadata":{"na');
    server.resetWatches();
    await provesTrue(informer);
  });

  it('lists again after 410 in a watch', async () => {
    server.put('gone-meanwhile');
    server.put('changed-meanwhile', { state: 'old' });
    const informer = follow();
    await synced(informer);
    server.mute(true);
    server.resetWatches();
    server.remove('gone-meanwhile');
    server.put('changed-meanwhile', { state: 'new' });
    server.compact();
    server.mute(false);
    await until('a second list', () => server.lists.length === 2);
    await provesTrue(informer);
    assert.equal(await restarts('expired'), 1);
    const deleted = changes.find(({ type }) => type === 'deleted');
    assert.equal(deleted?.object.metadata.name, 'gone-meanwhile');
    assert.equal(deleted?.finalStateUnknown, true);
  });

  it('lists again after 410 as the HTTP status of a watch', async () => {
    server.nextWatch(refuse(410, 'Expired'));
    const informer = follow();
    await synced(informer);
    assert.equal(server.lists.length, 2);
    await provesTrue(informer);
  });

  it('reads all at once after 410 in the middle of a list of pages', async () => {
    for (let index = 0; index < 1200; index++) server.put(`object-${index}`);
    server.nextList((_request, response, url) => {
      assert.equal(url.searchParams.get('limit'), '500');
      response.end(JSON.stringify({ metadata: { resourceVersion: '1', continue: '1:500' }, items: [] }));
    });
    server.compact();
    const informer = follow();
    await synced(informer);
    assert.deepEqual(server.lists.map((url) => [url.searchParams.get('limit'), url.searchParams.get('continue')]), [['500', null], ['500', '1:500'], [null, null]]);
    await provesTrue(informer);
  });

  it('reads a list of pages completely', async () => {
    for (let index = 0; index < 1200; index++) server.put(`object-${index}`);
    const informer = follow();
    await synced(informer);
    assert.equal(server.lists.length, 3);
    await provesTrue(informer);
  });

  it('notices a watch that has fallen silent and resumes', async () => {
    const informer = follow({ silenceMs: 100 });
    await synced(informer);
    server.mute(true);
    server.put('unheard');
    server.mute(false);
    await until('the unheard change', () => informer.get('default', 'unheard') !== undefined);
    await provesTrue(informer);
    assert.ok((await restarts('silent')) >= 1);
  });

  it('lists again when the server went back in time and has nothing to say about our version', async () => {
    server.put('restored');
    const informer = follow({ silenceMs: 60 });
    await synced(informer);
    server.nextWatch((_request, response) => response.flushHeaders());
    server.nextWatch((_request, response) => response.flushHeaders());
    server.resetWatches();
    await until('a second list', () => server.lists.length >= 2);
    await provesTrue(informer);
  });

  it('goes on when a handler throws or rejects, and the other handlers are told', async () => {
    const informer = follow();
    const told: string[] = [];
    informer.onChange(() => {
      throw new Error('a bug in a handler');
    });
    const rejects: () => unknown = () => Promise.reject(new Error('a bug in an async handler'));
    informer.onChange(rejects);
    informer.onChange(({ object }) => told.push(object.metadata.name));
    await synced(informer);
    server.put('a');
    await provesTrue(informer);
    assert.deepEqual(told, ['a', 'proof']);
    assert.equal(server.watches.length, 1);
    assert.equal(logs.lines.filter(({ level, message }) => level === 'error' && message === 'a change handler threw').length, 4);
  });

  it('tells delete and recreate over a relist as a deletion and an addition', async () => {
    const first = server.put('phoenix', { life: 'first' });
    const informer = follow();
    await synced(informer);
    server.mute(true);
    server.resetWatches();
    server.remove('phoenix');
    const second = server.put('phoenix', { life: 'second' });
    server.compact();
    server.mute(false);
    await until('the second life', () => informer.get('default', 'phoenix')?.data?.['life'] === 'second');
    assert.deepEqual(
      changes.map(({ type, object }) => [type, object.metadata.uid]),
      [['added', first.metadata.uid], ['deleted', first.metadata.uid], ['added', second.metadata.uid]],
    );
    await provesTrue(informer);
  });

  it('begins again after a clean close', async () => {
    const informer = follow();
    await synced(informer);
    for (let round = 0; round < 4; round++) {
      server.put(`event-${round}`);
      await until('the event', () => informer.get('default', `event-${round}`) !== undefined);
      server.closeWatches();
      await until('the next watch', () => server.watches.length === round + 2 && server.openWatches() === 1);
    }
    assert.equal(server.lists.length, 1);
    assert.equal(await restarts('closed'), 4);
    await provesTrue(informer);
  });

  it('resumes after a line that is not JSON', async () => {
    const informer = follow();
    await synced(informer);
    server.sendToWatches('this is not JSON\n');
    server.put('after-garbage');
    await provesTrue(informer);
    assert.equal(await restarts('failed'), 1);
    assert.equal(server.lists.length, 1);
  });

  it('lists again when it comes to what it cannot read, each time that it resumes', async () => {
    const informer = follow();
    await synced(informer);
    const poison: Parameters<ApiServer['nextWatch']>[0] = (_request, response) => response.end('{"type":"MODIFIED","object":{}}\n');
    server.nextWatch(poison);
    server.nextWatch(poison);
    server.resetWatches();
    server.put('behind-it');
    await until('a second list', () => server.lists.length === 2);
    await provesTrue(informer);
    assert.equal(server.watches.length, 4);
  });

  it('comes back after 429', async () => {
    server.put('a');
    server.nextList(refuse(429, 'TooManyRequests', { 'retry-after': '0' }));
    server.nextWatch(refuse(429, 'TooManyRequests'));
    const informer = follow();
    await synced(informer);
    assert.equal(server.lists.length, 2);
    assert.equal(server.watches.length, 2);
    await provesTrue(informer);
  });

  it('waits for a server that is not there yet', async () => {
    const { port } = new URL(server.url);
    await server.close();
    const informer = follow();
    await until('attempts', () => logs.lines.length >= 3);
    assert.equal(informer.hasSynced(), false);
    assert.match((logs.lines[0]!.fields['err'] as Error).message, new RegExp(`cannot be reached.*${port}`));
    server = await startApiServer(); // for the clean-up
  });

  it('resumes from a bookmark', async () => {
    const informer = follow();
    await synced(informer);
    server.compact(); // others' changes: nothing for us
    server.bookmark();
    const before = server.version();
    await until('the bookmark', () => informer.secondsSinceActivity() < 0.5 && server.openWatches() === 1);
    server.put('seen');
    await until('the change', () => informer.get('default', 'seen') !== undefined);
    server.bookmark();
    server.resetWatches();
    await until('the next watch', () => server.watches.length === 2);
    assert.ok(Number(server.watches[1]?.searchParams.get('resourceVersion')) >= before);
    assert.equal(server.lists.length, 1);
    await provesTrue(informer);
  });

  it('ends with the true state after any mixture of all this', async () => {
    const informer = follow({ silenceMs: 150 });
    await synced(informer);
    let seed = Number(process.env['GUILDHALL_TEST_SEED'] ?? Date.now() % 2 ** 31);
    const printed = `seed ${seed}`;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed % below;
    };
    const trouble: (() => void)[] = [
      () => server.resetWatches(),
      () => server.closeWatches(),
      () => server.compact(),
      () => server.nextList(refuse(500, 'InternalError')),
      () => server.nextWatch(refuse(503, 'ServiceUnavailable')),
      () => server.nextWatch(refuse(410, 'Expired')),
      () => server.sendToWatches('}{\n'),
      () => server.sendToWatches(`${JSON.stringify({ type: 'ERROR', object: JSON.parse(status(410, 'Expired')) as unknown })}\n`),
      () => server.mute(true),
      () => server.mute(false),
      () => server.bookmark(),
    ];
    for (let step = 0; step < 300; step++) {
      const name = `object-${random(8)}`;
      if (random(3) === 0 && server.state()[name]) server.remove(name);
      else server.put(name, { step: String(step) });
      if (random(4) === 0) trouble[random(trouble.length)]?.();
      if (random(5) === 0) await new Promise((resolve) => setTimeout(resolve, random(10)));
    }
    server.mute(false);
    await until(`the truth (${printed})`, () => isDeepStrictEqual(known(informer), server.state()));
    await provesTrue(informer);
  });
});
