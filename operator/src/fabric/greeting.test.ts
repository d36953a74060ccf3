import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:net';
import test, { type TestContext } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { createAuthority, createServerIdentity } from '../../../contracts/runner/test/people.ts';
import type { InstanceInspection } from '../ports/fabric.ts';
import { greetInstance } from './greeting.ts';

const never = new AbortController().signal;

async function greeted(t: TestContext, server: Server, root: string, timeoutMs = 5_000): Promise<InstanceInspection> {
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return greetInstance({ address: `127.0.0.1:${address.port}`, tlsRoots: [root] }, { timeoutMs, signal: never });
}

async function identity(): Promise<{ root: string; server: TlsOptions }> {
  const authority = await createAuthority();
  return { root: authority.certificate.pem, server: { ...(await createServerIdentity(authority)), ALPNProtocols: ['h2'] } };
}

test('an instance answers when it shows the certificate that it was given, and speaks gRPC', async (t) => {
  const { root, server } = await identity();
  assert.deepEqual(await greeted(t, createServer(server), root), { healthy: true, why: '', silent: false });
});

test('what else answers there is told for what it is', async (t) => {
  const { root, server } = await identity();
  const other = await identity();
  assert.match((await greeted(t, createServer(server), other.root)).why, /shows another certificate than it was given/);
  assert.match((await greeted(t, createServer({ ...server, ALPNProtocols: ['http/1.1'] }), root)).why, /does not speak/);
  assert.match((await greeted(t, createServer({ key: server.key, cert: server.cert }), root)).why, /does not speak gRPC/);
  assert.match((await greeted(t, createPlainServer((socket) => socket.on('error', () => undefined).end('hello')), root)).why, /does not speak TLS/);
  assert.match((await greetInstance({ address: '127.0.0.1:1', tlsRoots: [root] }, { timeoutMs: 5_000, signal: never })).why, /nothing listens at its port 1 yet/);
});

test('silence is told apart, and an end that was asked for is none', async (t) => {
  const { root } = await identity();
  const silent = (): Server => createPlainServer((socket) => void socket.unref());
  assert.deepEqual(await greeted(t, silent(), root, 100), { healthy: false, why: 'it does not answer within 100 ms', silent: true });
  const stop = new AbortController();
  const asked = greetInstance({ address: '127.0.0.1:1', tlsRoots: [root] }, { timeoutMs: 5_000, signal: stop.signal });
  stop.abort(new Error('asked to end'));
  await assert.rejects(asked, /asked to end/);
});
