import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, open, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyChild, isRunning, readProcess, signalProcess, type ProcessIdentity } from '@guildhall/local-cluster/process';
import { Client } from 'pg';
import { readIfThere } from '../private-file.ts';
import type { Account } from './account.ts';
import { postgresPrograms } from './programs.ts';

export interface PostgresOptions {
  folder: string;
  logFile: string;
  password: string;
  account: Account | undefined;
  /** The port of the run before, whose clients go on with it; left out: a free one. */
  port?: number;
}

export interface PostgresServer {
  port: number;
  process: ProcessIdentity;
  /** Whether it ran already. */
  adopted: boolean;
}

const administrator = 'guildhall_administrator';

export const postgresUrl = (server: Pick<PostgresServer, 'port'>, role: string, password: string, database: string): string =>
  `postgres://${role}:${password}@127.0.0.1:${server.port}/${database}`;

export const administratorUrl = (server: Pick<PostgresServer, 'port'>, password: string): string =>
  postgresUrl(server, administrator, password, 'postgres');

const identity = (account: Account | undefined): { uid?: number; gid?: number } => (account ? { uid: account.uid, gid: account.gid } : {});

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function run(program: string, args: string[], account: Account | undefined): Promise<void> {
  const child = spawn(program, args, { ...identity(account), stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output.trim()}`);
}

/** initdb, so that a crash in the middle leaves nothing that looks finished. */
async function initialise({ folder, password, account }: PostgresOptions): Promise<void> {
  const finished = join(folder, 'initialised');
  if (await exists(finished)) return;
  const data = join(folder, 'data');
  await rm(data, { recursive: true, force: true });
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    const { initdb } = await postgresPrograms();
    await run(initdb, ['-D', data, '-U', administrator, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-locale'], account);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(finished, '');
}

/** Process and port of a server that says it runs in this folder, if that process is there. */
export async function runningServer(folder: string): Promise<{ process: ProcessIdentity; port: number } | undefined> {
  const [pid, , , port] = ((await readIfThere(join(folder, 'data', 'postmaster.pid'))) ?? '').split('\n');
  const found = pid === undefined ? undefined : readProcess(Number(pid));
  return found && port ? { process: found, port: Number(port) } : undefined;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: administratorUrl({ port }, password), connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    // The caller asks again, or starts a server and reads its log.
    return false;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const startTimeoutMs = 60_000;

/** Starts PostgreSQL detached, or adopts the one that runs in this folder already. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, password, account } = options;
  await initialise(options);
  const before = await runningServer(folder);
  if (before && (await answers(before.port, password))) return { ...before, adopted: true };

  const port = options.port ?? (await freePort());
  const log = await open(options.logFile, 'a', 0o600);
  try {
    const { postgres } = await postgresPrograms();
    const child = spawn(
      postgres,
      // The socket folder is off: everything goes over loopback with a password.
      ['-D', join(folder, 'data'), '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=100', '-c', 'shared_buffers=32MB', '-c', 'max_wal_size=256MB'],
      { ...identity(account), detached: true, stdio: ['ignore', log.fd, log.fd], cwd: folder },
    );
    let ended = false;
    child.once('exit', () => (ended = true));
    const [outcome] = await Promise.race([once(child, 'spawn'), once(child, 'error')]);
    if (outcome instanceof Error) throw outcome;
    child.unref();
    const deadline = Date.now() + startTimeoutMs;
    while (!(await answers(port, password))) {
      if (ended || Date.now() > deadline) throw new Error(`PostgreSQL did not start; its log is ${options.logFile}`);
      await delay(30);
    }
    return { port, process: identifyChild(child.pid ?? 0), adopted: false };
  } finally {
    await log.close();
  }
}

/** Ends the server: clients are disconnected, the data is consistent. */
export async function stopPostgres(server: Pick<PostgresServer, 'process'>): Promise<void> {
  signalProcess(server.process, 'SIGINT');
  while (isRunning(server.process)) await delay(20);
}
