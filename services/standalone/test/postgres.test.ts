import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { isRunning, signalProcess } from '@guildhall/local-cluster/process';
import { Client } from 'pg';
import { postgresAccount } from '../src/postgres/account.ts';
import { dataFolder } from '../src/postgres/data-folder.ts';
import { administratorUrl, startPostgres, stopPostgres, type PostgresOptions, type PostgresServer } from '../src/postgres/server.ts';

let root: string;
let options: PostgresOptions;
let server: PostgresServer | undefined;
const password = randomBytes(16).toString('hex');

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-postgres-'));
  chmodSync(root, 0o711);
  const account = await postgresAccount();
  const home = join(root, 'home');
  mkdirSync(home, { mode: 0o700 });
  const { folder } = await dataFolder(home, account, root);
  options = { folder, logFile: join(root, 'postgres.log'), password, account };
});
afterEach(async () => {
  if (server !== undefined) await stopPostgres(server);
  server = undefined;
});
after(() => rmSync(root, { recursive: true, force: true }));

async function ask<Row extends object>(port: number, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: administratorUrl({ port }, password) });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A connection in the middle of a statement; its process outlives a killed server for a while. */
async function busyConnection(port: number): Promise<Client> {
  const client = new Client({ connectionString: administratorUrl({ port }, password) });
  client.on('error', () => undefined); // the end of the server is the point of the story
  await client.connect();
  client.query('select count(*) from generate_series(1, 30000000)').catch(() => undefined);
  return client;
}

test('a server that runs is found again', async () => {
  server = await startPostgres(options);
  assert.equal(server.adopted, false);
  const again = await startPostgres(options);
  assert.deepEqual([again.adopted, again.port, again.process.pid], [true, server.port, server.process.pid]);
});

test('a start right behind kill -9, while a statement of the killed server still runs, has the data', async () => {
  const killed = await startPostgres(options);
  await ask(killed.port, 'create table kept (value int)');
  await ask(killed.port, 'insert into kept values (42)');
  const client = await busyConnection(killed.port);
  signalProcess(killed.process, 'SIGKILL');
  server = await startPostgres(options);
  assert.equal(server.adopted, false);
  assert.deepEqual(await ask(server.port, 'select value from kept'), [{ value: 42 }]);
  await client.end();
});

test('a lock from before a power cut does not hold, whoever has its process id now', async () => {
  const former = await startPostgres(options);
  const lock = join(options.folder, 'data', 'postmaster.pid');
  const lines = readFileSync(lock, 'utf8').split('\n');
  await stopPostgres(former);
  writeFileSync(lock, [String(process.pid), lines[1], '1000000000', ...lines.slice(3)].join('\n'));
  server = await startPostgres(options);
  assert.deepEqual(await ask(server.port, 'select 1 as one'), [{ one: 1 }]);
});

test('a start on a port that another program has waits until it is free', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  setTimeout(() => other.close(), 1500);
  server = await startPostgres({ ...options, port });
  assert.equal(server.port, port);
});

test('a start that cannot succeed says at once what PostgreSQL says', async () => {
  const configuration = join(options.folder, 'data', 'postgresql.conf');
  const good = readFileSync(configuration);
  appendFileSync(configuration, '\nshared_buffers = many\n');
  appendFileSync(configuration, "\nlog_timezone = 'nowhere'\n");
  try {
    await assert.rejects(startPostgres(options), /PostgreSQL did not start\. Its log, .*postgres\.log, ends with:[^]*nowhere/);
  } finally {
    writeFileSync(configuration, good);
  }
});

test('stopping ends the process', async () => {
  const stopped = await startPostgres(options);
  await stopPostgres(stopped);
  assert.equal(isRunning(stopped.process), false);
});
