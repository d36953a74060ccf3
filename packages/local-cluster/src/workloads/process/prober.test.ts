import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptProbe, type Probe, type ProbeTarget } from './probe.ts';
import { watchHealth, type ContainerProbes } from './prober.ts';

/** A server whose answer a test decides; undefined: none at all. */
let answer: number | undefined = 200;
let server: Server;
let target: ProbeTarget;
let watching: AbortController;
beforeEach(async () => {
  answer = 200;
  watching = new AbortController();
  server = createServer((_, response) => {
    if (answer !== undefined) response.writeHead(answer).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = { kind: 'http', scheme: 'HTTP', host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/healthz' };
});
afterEach(() => {
  watching.abort();
  server.closeAllConnections();
  server.close();
});

const probe = (change: Partial<Probe> = {}): Probe => ({ target, initialDelayMs: 0, periodMs: 20, timeoutMs: 100, successThreshold: 1, failureThreshold: 2, ...change });

function watch(probes: ContainerProbes) {
  const said: string[] = [];
  const done = watchHealth(
    probes,
    {
      started: () => said.push('started'),
      ready: (ready) => said.push(ready ? 'ready' : 'not ready'),
      unhealthy: (message) => said.push(`unhealthy: ${message}`),
      failed: (message) => said.push(`failed: ${message}`),
    },
    watching.signal,
  );
  const until = async (text: string): Promise<void> => {
    const isSaid = (): boolean => said.at(-1)?.startsWith(text) === true;
    while (!isSaid()) await delay(5);
  };
  return { said, done, until };
}

test('a single question: good answers, bad ones, none, and nobody there', async () => {
  const { signal } = watching;
  assert.equal(await attemptProbe(target, 1000, signal), undefined);
  answer = 302;
  assert.equal(await attemptProbe(target, 1000, signal), undefined);
  answer = 503;
  assert.equal(await attemptProbe(target, 1000, signal), 'GET /healthz answered 503');
  answer = undefined;
  assert.match((await attemptProbe(target, 50, signal)) ?? '', /^no answer from 127\.0\.0\.1:\d+ within 50 ms$/);
  const tcp: ProbeTarget = { kind: 'tcp', host: target.host, port: target.port };
  assert.equal(await attemptProbe(tcp, 1000, signal), undefined);
  server.close();
  server.closeAllConnections();
  assert.match((await attemptProbe(tcp, 1000, signal)) ?? '', /ECONNREFUSED/);
});

test('without probes a process is started and ready', async () => {
  const { said, done } = watch({});
  await done;
  assert.deepEqual(said, ['started', 'ready']);
});

test('a process becomes ready when it answers, not before, and unready when it no longer does', async () => {
  answer = 503;
  const { said, until } = watch({ readiness: probe() });
  await until('not ready');
  answer = 200;
  await until('ready');
  answer = 500;
  await until('not ready');
  answer = 200;
  await until('ready');
  assert.deepEqual(said, ['started', 'not ready', 'ready', 'unhealthy: readiness probe failed: GET /healthz answered 500', 'not ready', 'ready']);
});

test('a starting process is asked often, whatever the period, and liveness waits until it has started', async () => {
  answer = 503;
  const slow = probe({ periodMs: 3_600_000 });
  const { said, until } = watch({ startup: slow, readiness: slow, liveness: probe({ failureThreshold: 1 }) });
  await delay(150);
  assert.deepEqual(said, []);
  answer = 200;
  await until('ready');
  assert.deepEqual(said, ['started', 'ready']);
});

test('a process that does not start in its time has failed', async () => {
  answer = 503;
  const { said, done } = watch({ startup: probe({ periodMs: 30, failureThreshold: 3 }) });
  await done;
  assert.deepEqual(said, ['failed: startup probe failed for 0.09 s: GET /healthz answered 503']);
});

test('one bad answer is not yet a failure of liveness, enough in a row are', async () => {
  const { said, until } = watch({ liveness: probe({ failureThreshold: 3, timeoutMs: 30 }) });
  await until('ready');
  answer = undefined;
  await until('failed');
  assert.match(said.join('\n'), /^started\nready\nunhealthy: liveness probe failed: no answer.*\nfailed: liveness probe failed 3 times: no answer/);
});
