import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { customResourceDefinitions, systemClock, type CustomResourceDefinition, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, consortium, crd, kinds, node } from '@guildhall/resources';
import { Pool } from 'pg';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { startProgram, type Program } from '../../../test/support/program.ts';
import { createClient, smallConsortium, subscribe, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';

const source = (name: string): string => fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
const { cluster: everywhere, consortia } = componentRoles.controlPlane;
const rules = [...everywhere, ...consortia.map((rule) => ({ ...rule, namespaces: ['gh-*'] }))];
const folder = mkdtempSync(join(tmpdir(), 'guildhall-control-plane-'));
const file = (name: string): string => join(folder, name);
/** Each process has a token of its own, by which the cluster tells who asks. */
const names = ['one', 'two', 'three'];

interface Replica extends Program {
  name: string;
  url: string;
}

let postgres: PostgresServer;
let pool: Pool;
let server: Server;
let admin: KubernetesClient;
let operator: ScriptedOperator;
const started: Replica[] = [];

/** Requests that match are taken and never answered, nor carried out. */
let isHeld: (request: IncomingMessage) => boolean = () => false;
let onHeld: (name: string) => void = () => undefined;
let isAway = false;
const senderOf = ({ headers }: IncomingMessage): string => (headers.authorization ?? '').replace('Bearer token-', '');

before(async () => {
  postgres = await startPostgres();
  pool = new Pool({ connectionString: postgres.url, max: 2, options: '-c search_path=control_plane' });
  pool.on('error', () => undefined);
  const cluster = await createInMemoryCluster({ clock: systemClock, principals: names.map((name) => ({ name: `guildhall-control-plane-${name}`, token: `token-${name}`, rules })) });
  server = createServer((request, response) => {
    if (isAway) return void request.destroy();
    if (!isHeld(request)) return cluster.handle(request, response);
    onHeld(senderOf(request));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  admin = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await admin.create(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition);
  operator = startScriptedOperator(admin);
  for (const name of names) writeFileSync(file(name), `token-${name}`, { mode: 0o600 });
  writeFileSync(file('database-url'), `${postgres.url}\n`, { mode: 0o600 });
});
after(async () => {
  operator.stop();
  for (const { child } of started) child.kill('SIGKILL');
  await pool.end();
  server.closeAllConnections();
  server.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (name: string, port: number): Record<string, string> => ({
  GUILDHALL_CLUSTER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  GUILDHALL_CLUSTER_TOKEN_FILE: file(name),
  GUILDHALL_DATABASE_URL_FILE: file('database-url'),
  GUILDHALL_LISTEN_ADDRESS: `127.0.0.1:${port}`,
  GUILDHALL_LEDGER_GATEWAY_URL: 'https://127.0.0.1:1',
  GUILDHALL_LEDGER_GATEWAY_TOKEN_FILE: file(name),
  GUILDHALL_LEDGER_GATEWAY_CA_FILE: file('none'),
  GUILDHALL_LOG_LEVEL: 'error',
});

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 240_000; !(await holds()); await delay(50)) {
    if (Date.now() > deadline) throw new Error(`it does not come true that ${what}: ${started.map(({ name, errors }) => `${name}: ${errors()}`).join('\n')}`);
  }
}

async function start(name: string, changed: Record<string, string> = {}): Promise<Replica> {
  const port = await freePort();
  const replica = { ...(await startProgram(source('main'), { ...environment(name, port), ...changed })), name, url: `http://127.0.0.1:${port}` };
  started.push(replica);
  return replica;
}
const isReady = (replica: Replica) => async (): Promise<boolean> => (await replica.asked('/readyz')).startsWith('200');
const clientOf = (replica: Replica, token: string): Client => createClient(() => replica.url, token);

/** A program beside the control plane, in the environment of one. */
const run = async (program: string, words: string[] = [], changed: Record<string, string> = {}): Promise<{ code: number; said: string; errors: string }> => {
  const result = promisify(execFile)(process.execPath, [source(program), ...words], { env: { ...environment('one', 4000), ...changed } });
  return result.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout, errors: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout, errors: error.stderr }),
  );
};
const isNodeWrite = ({ method, url }: IncomingMessage): boolean => method === 'PATCH' && /\/nodes\/[^/]+\?/.test(url ?? '');

describe('the control plane as a process', { timeout: 900_000 }, () => {
  let one: Replica;
  let two: Replica;
  let token: string;
  before(async () => {
    // Both find an empty database.
    [one, two] = await Promise.all([start('one'), start('two')]);
    for (const each of [one, two]) await until(`${each.name} is ready`, isReady(each));
  });

  test('has no credentials of its own: whoever may run its programs makes the first link, which is good once, at each replica', async () => {
    const nowhere = await run('sign-in');
    assert.deepEqual([nowhere.code, nowhere.said], [1, '']);
    assert.match(nowhere.errors, /^For which address\? Give the address/);
    assert.equal((await pool.query('select from access_tokens')).rowCount, 0);

    const { said, errors } = await run('sign-in', [two.url]);
    assert.equal(errors, '');
    const [, address, code] = /^Sign in: (\S+)\/sign-in#code=(\S+)$/m.exec(said) ?? [];
    assert.equal(address, two.url);
    const signIn = (at: Replica) => fetch(`${at.url}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) });
    const answer = await signIn(one);
    assert.equal(answer.status, 204);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    assert.equal((await signIn(two)).status, 401, 'a link is good once');
    const session = () => fetch(`${two.url}/session`, { headers: { cookie } });
    assert.equal((await session()).status, 200, 'the other replica knows the session');

    const made = await run('admin-token');
    token = made.said.split('\n')[0] ?? '';
    assert.match(token, /^gha_\S{40,}$/);
    assert.equal((await session()).status, 401, 'a new token ends what was begun before');
    const before = token;
    token = (await run('admin-token')).said.split('\n')[0] ?? '';
    assert.equal((await clientOf(one, before).ask('{ templates { id } }')).errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
    assert.deepEqual((await clientOf(two, token).ask<{ platform: object }>('{ platform { cluster fabric home preparation { title } } }')).data.platform, { cluster: 'kubernetes', fabric: '3.1', home: null, preparation: [] });
  });

  test('what one has answered the other knows, and its subscribers are told', async () => {
    const [first, second] = [clientOf(one, token), clientOf(two, token)];
    const id = await first.begun('createConsortium', { ...smallConsortium('side'), contracts: [] });
    assert.equal((await second.operation(id)).id, id);
    const { data } = await second.ask<{ consortium: { name: string } }>('{ consortium(name: "side") { name } }');
    assert.equal(data.consortium.name, 'side');
    const told: string[] = [];
    await subscribe<{ operation: { state: string } }>(two.url, token, 'subscription($id: ID!) { operation(id: $id) { state } }', { id }, (event) => told.push(event.data.operation.state));
    assert.equal(told.at(-1), 'succeeded');
    for (const client of [first, second]) {
      const seen = await client.ask<{ consortium: { nodes: { ready: boolean }[] } }>('{ consortium(name: "side") { nodes { ready } } }');
      assert.deepEqual(seen.data.consortium.nodes, [{ ready: true }, { ready: true }, { ready: true }]);
    }
    const gone = await second.begun('deleteConsortium', { name: 'side', confirmName: 'side', deleteData: true });
    await first.until(gone, 'succeeded');
    for (const client of [first, second]) assert.equal((await client.ask('{ consortium(name: "side") { name } }')).errors?.[0]?.extensions.code, 'NOT_FOUND');
  });

  /** Begins an operation, and holds whoever works on it in the middle of a write to the cluster. */
  const heldAt = async (at: Replica, name: string): Promise<{ id: string; holder: Replica; other: Replica }> => {
    const reached = Promise.withResolvers<string>();
    [isHeld, onHeld] = [isNodeWrite, reached.resolve];
    const id = await clientOf(at, token).begun('createConsortium', { ...smallConsortium(name), contracts: [] });
    const by = await reached.promise;
    isHeld = (request) => isNodeWrite(request) && senderOf(request) === by;
    const [holder, other] = by === one.name ? [one, two] : [two, one];
    return { id, holder, other };
  };
  const leaseOf = async (id: string): Promise<{ claimed_by: string | null; lease_until: Date | null } | undefined> => {
    const { rows } = await pool.query<{ claimed_by: string | null; lease_until: Date | null }>('select claimed_by, lease_until from operations where id = $1', [id]);
    return rows[0];
  };

  test('one that is killed in the middle of an operation leaves it to the other, which ends it', async () => {
    const { id, holder, other } = await heldAt(one, 'killed');
    const before = await leaseOf(id);
    assert.ok(before?.claimed_by);
    holder.child.kill('SIGKILL');
    await holder.ended();
    isHeld = () => false;
    const done = await clientOf(other, token).until(id, 'succeeded');
    assert.ok(done.steps.every(({ state }) => state === 'succeeded'));
    assert.deepEqual((await admin.list(node.type)).items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(), ['gh-killed--bank/peer0', 'gh-killed--core/orderer0', 'gh-killed--core/peer0']);
    assert.deepEqual((await admin.list(consortium.type)).items.map(({ metadata }) => metadata.name), ['killed']);
    const again = await start(holder.name);
    [one, two] = holder === one ? [again, two] : [one, again];
    await until('the new one is ready', isReady(again));
  });

  test('one that is asked to end gives its operations back, ends its streams without a last word, and goes in order', async () => {
    const { id, holder, other } = await heldAt(two, 'asked');
    const before = await leaseOf(id);
    assert.ok(before?.claimed_by);
    const stream = await fetch(`${holder.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: 'subscription($id: ID!) { operation(id: $id) { state } }', variables: { id } }),
    });
    let told = '';
    for await (const chunk of stream.body ?? []) {
      told += Buffer.from(chunk).toString();
      if (told.includes('event: next')) holder.child.kill('SIGTERM');
    }
    assert.match(told, /event: next/);
    assert.doesNotMatch(told, /event: complete/);
    assert.equal(await holder.ended(), 0, holder.errors());
    const after = await leaseOf(id);
    assert.notEqual(after?.claimed_by, before?.claimed_by, 'the lease was given back');
    isHeld = () => false;
    await clientOf(other, token).until(id, 'succeeded');
    const again = await start(holder.name);
    [one, two] = holder === one ? [again, two] : [one, again];
    await until('the new one is ready', isReady(again));
  });

  test('while the database or the cluster is away it lives and is not ready, says why, and is ready again by itself', async () => {
    await postgres.halt();
    for (const each of [one, two]) await until('the database is missed', async () => /^503 .*"database":"it does not answer/.test(await each.asked('/readyz')));
    assert.match(await one.asked('/healthz'), /^200/);
    await postgres.resume();
    for (const each of [one, two]) await until('it is ready again', isReady(each));

    isAway = true;
    server.closeAllConnections();
    await until('the cluster is missed', async () => /^503 .*"cluster":"[^"]*the server does not answer/.test(await one.asked('/readyz')));
    assert.match(await one.asked('/healthz'), /^200/);
    assert.equal((await clientOf(one, token).ask('{ templates { id } }')).errors, undefined, 'what is known is still answered');
    isAway = false;
    for (const each of [one, two]) await until('it is ready again', isReady(each));
  });
});

describe('the control plane as a process that cannot start', { timeout: 300_000 }, () => {
  test('names what is set wrong, and no secret', async () => {
    const nothing = await startProgram(source('main'), { GUILDHALL_COLOUR: 'red' });
    assert.equal(await nothing.ended(), 1);
    for (const name of ['GUILDHALL_COLOUR', 'GUILDHALL_DATABASE_URL_FILE', 'GUILDHALL_LEDGER_GATEWAY_URL']) assert.ok(nothing.errors().includes(name), nothing.errors());
    const folderless = await start('three', { GUILDHALL_CONSOLE_FOLDER: file('nowhere') });
    assert.equal(await folderless.ended(), 1);
    assert.match(folderless.errors(), /^\S+index\.html cannot be read/);
  });

  test('waits for its database, answers meanwhile, and can be asked to end', async () => {
    writeFileSync(file('away-url'), 'postgres://nobody:s3cret@127.0.0.1:1/nothing');
    const waiting = await start('three', { GUILDHALL_DATABASE_URL_FILE: file('away-url') });
    await until('it says so', async () => /^503 .*"start":"it waits for its database"/.test(await waiting.asked('/readyz')));
    assert.match(await waiting.asked('/healthz'), /^200/);
    waiting.child.kill('SIGTERM');
    assert.equal(await waiting.ended(), 0, waiting.errors());
    const { code, errors } = await run('admin-token', [], { GUILDHALL_DATABASE_URL_FILE: file('away-url') });
    assert.equal(code, 1);
    assert.equal(errors, 'The database does not answer: wait until it does, then try again\n');
  });

  test('lets nobody in before there is a control plane', async () => {
    await pool.query('create database empty');
    writeFileSync(file('empty-url'), postgres.url.replace(/\/postgres$/, '/empty'));
    const { code, said, errors } = await run('sign-in', ['http://127.0.0.1:4000'], { GUILDHALL_DATABASE_URL_FILE: file('empty-url') });
    assert.deepEqual([code, said, errors], [1, '', 'The database has no tables of the control plane yet: wait until a control plane is ready, then try again\n']);
  });

  test('refuses a database that a newer one has brought up to date', async () => {
    await pool.query(`insert into kysely_migration (name, timestamp) values ('9999-tomorrow', '2999-01-01T00:00:00.000Z')`);
    const old = await start('three');
    assert.equal(await old.ended(), 1);
    assert.match(old.errors(), /^The database was brought up to 9999-tomorrow by a newer Guildhall/);
    await pool.query(`delete from kysely_migration where name = '9999-tomorrow'`);
  });
});
