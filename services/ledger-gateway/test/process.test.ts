import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { configMaps, customResourceDefinitions, namespaces, systemClock, type CustomResourceDefinition } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, crd, kinds, rulesWithNamespaces } from '@guildhall/resources';
import { startProgram, type Program } from '../../../test/support/program.ts';
import { freePort } from '../../../test/support/free-port.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';
const account = 'system:serviceaccount:guildhall:guildhall-control-plane';

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 180_000; !(await holds()); await delay(50)) if (Date.now() > deadline) throw new Error(`it does not come true that ${what}`);
}

/** As the control plane calls, over whichever replica the Service gives it. */
const ask = (port: number, ca: string, token: string): Promise<{ status: number; text: string; certificate: string }> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sending = httpsRequest({ host: '127.0.0.1', port, servername: 'guildhall-ledger-gateway.guildhall.svc', ca, agent: false, method: 'POST', path: '/v1/height', headers }, (response) => {
      const certificate = 'getPeerX509Certificate' in response.socket ? String((response.socket as import('node:tls').TLSSocket).getPeerX509Certificate()) : '';
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, certificate }));
    });
    sending.on('error', reject);
    sending.end(JSON.stringify({ address: { consortium: 'none', channel: 'none' } }));
  });

test('two gateways as processes: ready when they can serve, one certificate, calls of whom the cluster knows, an orderly end', async (t) => {
  const cluster = await createInMemoryCluster({ clock: systemClock, principals: [{ name: 'guildhall-ledger-gateway', token: 'secret', rules: rulesWithNamespaces(componentRoles.ledgerGateway) }] });
  // The local cluster gives out no tokens to judge: this answers as an API server does.
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(reviews)) return cluster.handle(request, response);
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { spec: { token: string; audiences: string[] } };
      asked.push([request.headers.authorization, review.spec]);
      const status = review.spec.token === 'of-the-control-plane' ? { authenticated: true, user: { username: account }, audiences: review.spec.audiences } : { error: 'unknown' };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ ...review, status }));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  await client.apply(namespaces, { metadata: { name: 'guildhall' } });
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-gateway-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'token'), 'secret', { mode: 0o600 });

  const begin = async (): Promise<Program & { port: number }> => {
    const port = await freePort();
    const program = await startProgram(main, {
      GUILDHALL_CLUSTER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GUILDHALL_CLUSTER_TOKEN_FILE: join(folder, 'token'),
      GUILDHALL_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      GUILDHALL_ALLOWED_CALLERS: 'guildhall/guildhall-control-plane',
    });
    t.after(() => program.child.kill('SIGKILL'));
    return { ...program, port };
  };
  const both = [await begin(), await begin()];
  const [first, second] = both;
  if (first === undefined || second === undefined) throw new Error('there are two');

  await until('the definitions are missed', async () => /^503.*"directory":"list Consortium: 404/.test(await first.asked('/readyz')));
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });
  for (const each of both) await until('it is ready', async () => (await each.asked('/readyz')).startsWith('200'));
  for (const each of both) assert.match(await each.asked('/healthz'), /^200/);

  const ca = (await client.get(configMaps, { namespace: 'guildhall', name: 'guildhall-ledger-gateway-ca' }))?.data?.['ca.crt'] ?? '';
  const answers = await Promise.all(both.map(({ port }) => ask(port, ca, 'of-the-control-plane')));
  for (const { status, text } of answers) {
    assert.equal(status, 422, text);
    assert.match(text, /"NOT_FOUND".*There is no consortium none/);
  }
  assert.equal(answers[0]?.certificate, answers[1]?.certificate);
  assert.notEqual(answers[0]?.certificate, '');
  assert.equal((await ask(first.port, ca, 'of-the-control-plane')).status, 422);
  assert.equal((await ask(first.port, ca, 'of-somebody')).status, 401);
  assert.deepEqual(asked, [
    ['Bearer secret', { token: 'of-the-control-plane', audiences: ['guildhall-ledger-gateway'] }],
    ['Bearer secret', { token: 'of-the-control-plane', audiences: ['guildhall-ledger-gateway'] }],
    ['Bearer secret', { token: 'of-somebody', audiences: ['guildhall-ledger-gateway'] }],
  ]);
  const metrics = await first.asked('/metrics');
  assert.match(metrics, /guildhall_ledger_gateway_call_seconds_count\{call="height",outcome="NOT_FOUND"\} 2/);
  assert.match(metrics, /guildhall_ledger_gateway_call_seconds_count\{call="height",outcome="refused"\} 1/);

  first.child.kill('SIGTERM');
  assert.equal(await first.ended(), 0, first.errors());
  assert.equal((await ask(second.port, ca, 'of-the-control-plane')).status, 422);
  second.child.kill('SIGTERM');
  assert.equal(await second.ended(), 0, second.errors());
  assert.equal(first.errors() + second.errors(), '');
});

test('settings that are wrong end it at once, and are all named', async () => {
  const program = await startProgram(main, { GUILDHALL_COLOUR: 'red', GUILDHALL_LISTEN_ADDRESS: 'anywhere' });
  assert.equal(await program.ended(), 1);
  for (const name of ['GUILDHALL_COLOUR', 'GUILDHALL_LISTEN_ADDRESS', 'GUILDHALL_ALLOWED_CALLERS']) assert.ok(program.errors().includes(name), program.errors());
});
