import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createClient, createHealth, createMetrics, silentLogger, systemClock } from '@guildhall/kubernetes';
import { runGateway } from './run-gateway.ts';

test('who is asked to end does not wait for a cluster that does not answer, and complains of nothing', async (t) => {
  const [certificate, directory] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const cluster = createServer(({ url }) => (url?.includes('/secrets/') ? certificate : directory).resolve()).listen(0, '127.0.0.1');
  await once(cluster, 'listening');
  t.after(() => {
    cluster.closeAllConnections();
    cluster.close();
  });
  const client = createClient({ server: `http://127.0.0.1:${(cluster.address() as AddressInfo).port}`, token: 'secret', fieldManager: 'test' });
  t.after(() => client.close());
  const complaints: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, message: string) => void complaints.push(message) };
  const ending = new AbortController();
  const ended = runGateway({
    client,
    settings: { GUILDHALL_LISTEN_ADDRESS: { host: '127.0.0.1', port: 0 }, GUILDHALL_NAMESPACE: 'guildhall', GUILDHALL_ALLOWED_CALLERS: new Set() },
    logger,
    health: createHealth(),
    metrics: createMetrics(),
    signal: ending.signal,
  });
  await Promise.all([certificate.promise, directory.promise]);
  const askedAt = systemClock.monotonic();
  ending.abort();
  await ended;
  assert.ok(systemClock.monotonic() - askedAt < 5_000);
  assert.deepEqual(complaints, []);
});
