import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { customResourceDefinitions, namespaces, systemClock, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, crd, kinds, member, rulesWithNamespaces } from '@guildhall/resources';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';
import { startProgram, type Program } from '../../../test/support/program.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const rules = rulesWithNamespaces(componentRoles.certificateAuthority);
const folder = mkdtempSync(join(tmpdir(), 'guildhall-authority-'));
const file = (name: string): string => join(folder, name);

let postgres: PostgresServer;
let client: KubernetesClient;
let environment: Record<string, string>;
let close: () => void;
const programs: Program[] = [];

before(async () => {
  postgres = await startPostgres();
  const cluster = await createInMemoryCluster({ clock: systemClock, principals: [{ name: 'guildhall-certificate-authority', token: 'secret', rules }] });
  const server = createServer((request, response) => cluster.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  client = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as never, { force: true });
  for (const name of ['guildhall', 'gh-trade', 'gh-trade--bank', 'gh-trade--mill']) await client.apply(namespaces, { metadata: { name } });
  writeFileSync(file('token'), 'secret', { mode: 0o600 });
  writeFileSync(file('database-url'), `${postgres.url}\n`, { mode: 0o600 });
  writeFileSync(file('key'), randomBytes(32), { mode: 0o640 });
  environment = {
    GUILDHALL_CLUSTER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    GUILDHALL_CLUSTER_TOKEN_FILE: file('token'),
    GUILDHALL_DATABASE_URL_FILE: file('database-url'),
    GUILDHALL_KEY_FILE: file('key'),
    GUILDHALL_LOG_LEVEL: 'warn',
  };
});
after(async () => {
  for (const { child } of programs) child.kill('SIGKILL');
  close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (changed: Record<string, string> = {}): Promise<Program> => {
  const program = await startProgram(main, { ...environment, ...changed });
  programs.push(program);
  return program;
};

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 180_000; !(await holds()); await delay(50)) if (Date.now() > deadline) throw new Error(`it does not come true that ${what}: ${programs.map((program) => program.errors()).join('\n')}`);
}

const leads = async (program: Program): Promise<boolean> => /^guildhall_leader\{[^}]*\} 1$/m.test(await program.asked('/metrics'));

async function foundsAuthorityOf(name: string): Promise<void> {
  const ref = { namespace: `gh-trade--${name}`, name };
  await client.apply(member.type, { metadata: ref, spec: { consortium: { namespace: 'gh-trade', name: 'trade' }, mspId: `${name}MSP`, roles: ['endorsing'] } });
  await until(`${name} has its authority`, async () => (await client.get(member.type, ref))?.status?.certificateAuthority !== undefined);
}

test('one of two works, and the other goes on when it is killed', async () => {
  const both = [await start(), await start()];
  for (const each of both) await until('it is ready', async () => (await each.asked('/readyz')).startsWith('200'));
  await until('one leads', async () => (await Promise.all(both.map(leads))).includes(true));
  await foundsAuthorityOf('bank');
  const first = (await leads(both[0]!)) ? both[0]! : both[1]!;
  first.child.kill('SIGKILL');
  await foundsAuthorityOf('mill');
  const second = both.find((each) => each !== first)!;
  second.child.kill('SIGTERM');
  assert.equal(await second.ended(), 0, second.errors());
});

test('what is set wrong ends it at once, is named, and no secret is told', async () => {
  const nothing = await startProgram(main, { GUILDHALL_COLOUR: 'red' });
  assert.equal(await nothing.ended(), 1);
  for (const name of ['GUILDHALL_COLOUR', 'GUILDHALL_DATABASE_URL_FILE', 'GUILDHALL_KEY_FILE']) assert.ok(nothing.errors().includes(name), nothing.errors());

  writeFileSync(file('other-url'), 'mysql://root:s3cret@host');
  const wrong = await start({ GUILDHALL_DATABASE_URL_FILE: file('other-url') });
  assert.equal(await wrong.ended(), 1);
  assert.match(wrong.errors(), /other-url is no address of a PostgreSQL database/);
  assert.doesNotMatch(wrong.errors(), /s3cret/);
});

test('a key file that is not there is not made, and one that everybody may read is refused', async () => {
  const missing = await start({ GUILDHALL_KEY_FILE: file('none') });
  assert.equal(await missing.ended(), 1);
  assert.match(missing.errors(), /the key file .*none is unusable: it cannot be read/);
  writeFileSync(file('open'), randomBytes(32));
  chmodSync(file('open'), 0o644);
  const open = await start({ GUILDHALL_KEY_FILE: file('open') });
  assert.equal(await open.ended(), 1);
  assert.match(open.errors(), /others may read it/);
});
