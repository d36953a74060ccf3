import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { customResourceDefinitions, leases, namespaces, systemClock, type CustomResourceDefinition } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, consortium, crd, finalizer, kinds, object, rulesWithNamespaces, type Consortium } from '@guildhall/resources';
import { startProgram, type Program } from '../../test/support/program.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const rules = rulesWithNamespaces(componentRoles.operator);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 240_000; !(await holds()); await delay(50)) if (Date.now() > deadline) throw new Error(`it does not come true that ${what}`);
}

test('the operator as a process: one of two works, and the other goes on when it ends', async (t) => {
  const cluster = await createInMemoryCluster({ clock: systemClock, principals: [{ name: 'guildhall-operator', token: 'secret', rules }] });
  const server = createServer((request, response) => cluster.handle(request, response));
  const api = `http://127.0.0.1:${await listening(server)}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });
  for (const name of ['guildhall', 'gh-first', 'gh-second']) await client.apply(namespaces, { metadata: { name } });
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-operator-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'token'), 'secret', { mode: 0o600 });

  const begin = async (): Promise<Program> => {
    const program = await startProgram(main, { GUILDHALL_CLUSTER_URL: api, GUILDHALL_CLUSTER_TOKEN_FILE: join(folder, 'token'), GUILDHALL_ARTIFACT_URL: 'http://127.0.0.1:1', GUILDHALL_LOG_LEVEL: 'warn' });
    t.after(() => program.child.kill('SIGKILL'));
    return program;
  };
  const leads = async (program: Program): Promise<boolean> => /^guildhall_leader\{[^}]*\} 1$/m.test(await program.asked('/metrics'));
  const worksOn = async (name: string): Promise<boolean> => {
    const found = await client.get(consortium.type, { namespace: `gh-${name}`, name });
    return found?.metadata.finalizers?.includes(finalizer) === true && found.status?.summary !== undefined;
  };
  const write = (name: string): Promise<unknown> => {
    const spec: Consortium['spec'] = { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: `gh-${name}--acme` }] };
    return client.apply(consortium.type, object(consortium.type, { name, namespace: `gh-${name}` }, spec));
  };

  const both = [await begin(), await begin()];
  for (const each of both) await until('it is ready', async () => (await each.asked('/readyz')).startsWith('200'));
  for (const each of both) assert.match(await each.asked('/healthz'), /^200/);
  await until('one leads', async () => (await Promise.all(both.map(leads))).includes(true));
  assert.equal((await Promise.all(both.map(leads))).filter(Boolean).length, 1);
  const [first, second] = (await leads(both[0]!)) ? both : both.toReversed();
  if (first === undefined || second === undefined) throw new Error('there are two');
  const metrics = await first.asked('/metrics');
  for (const controller of ['consortium', 'member', 'node', 'channel', 'channel-membership', 'contract', 'contract-installation']) {
    assert.ok(metrics.includes(`guildhall_reconcile_errors_total{controller="${controller}"} 0`), `${controller} is counted from the start`);
  }
  await write('first');
  await until('the first consortium is followed', () => worksOn('first'));

  first.child.kill('SIGTERM');
  assert.equal(await first.ended(), 0, first.errors());
  await until('the other one leads', () => leads(second));
  await write('second');
  await until('the second consortium is followed', () => worksOn('second'));

  // Somebody takes the lease: whoever has lost it must not go on.
  const lease = (await client.list(leases, { namespace: 'guildhall' })).items[0];
  await client.mergePatch(leases, { namespace: 'guildhall', name: lease?.metadata.name ?? '' }, { spec: { holderIdentity: 'another', leaseTransitions: 9 } });
  assert.notEqual(await second.ended(), 0);
  assert.match(second.errors(), /lease|leader/i);
});

test('settings that are wrong end it at once, and are all named', async () => {
  const program = await startProgram(main, { GUILDHALL_COLOUR: 'red', GUILDHALL_LOG_LEVEL: 'loud' });
  assert.equal(await program.ended(), 1);
  for (const name of ['GUILDHALL_COLOUR', 'GUILDHALL_LOG_LEVEL', 'GUILDHALL_ARTIFACT_URL']) assert.ok(program.errors().includes(name), program.errors());
});
