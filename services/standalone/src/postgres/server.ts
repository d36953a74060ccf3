import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, open, readFile, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, readProcess, signalProcess, type ProcessIdentity } from '@guildhall/local-cluster/process';
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
    const { initdb } = await postgresPrograms(account, folder);
    await run(initdb, ['-D', data, '-U', administrator, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-locale'], account);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(finished, '');
}

/** Process and port of the server that runs in this folder. Its work folder is its data: a process id that is used again does not pass for it. */
export async function runningServer(folder: string): Promise<{ process: ProcessIdentity; port: number } | undefined> {
  const data = join(folder, 'data');
  const [pid, , , port] = ((await readIfThere(join(data, 'postmaster.pid'))) ?? '').split('\n');
  const found = pid === undefined ? undefined : readProcess(Number(pid));
  return found && port && (await worksIn(found.pid, data)) ? { process: found, port: Number(port) } : undefined;
}

/**
 * A power cut leaves the lock of a server that cannot run any more. PostgreSQL keeps to it while some process of this account has its
 * process id, which after a new boot may be anything. Of this boot's locks it is the better judge: it knows about processes left behind.
 */
async function forgetFormerBoot(folder: string): Promise<void> {
  const lock = join(folder, 'data', 'postmaster.pid');
  const startedAt = Number(((await readIfThere(lock)) ?? '').split('\n')[2] || NaN);
  const bootedAt = Date.now() / 1000 - uptime();
  // The clock may have been set since.
  if (startedAt < bootedAt - 60) await rm(lock, { force: true });
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder));
  } catch (error) {
    // It ended meanwhile, or is somebody else's.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code))) return false;
    throw error;
  }
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

/** PostgreSQL cannot be started; the message has what its log says. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';
}

const startTimeoutMs = 60_000;
const askAgainMs = 30;
/** Between two starts of which the first ended at once. */
const startAgainMs = 200;

/**
 * What ends a start and passes by itself: processes of a server that was killed, which go when they notice, or a port that another program
 * was faster to take. The words are PostgreSQL's own (src/backend/port/sysv_shmem.c, libpq/pqcomm.c, utils/init/miscinit.c).
 */
const passing = /pre-existing shared memory block|lock file ".*" already exists|could not bind|could not create any TCP\/IP sockets/;

/** Starts PostgreSQL detached, or adopts the one that runs in this folder already. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, password, logFile } = options;
  await initialise(options);
  const deadline = Date.now() + startTimeoutMs;
  let own: Start | undefined;
  for (;;) {
    const running = await runningServer(folder);
    if (running && (await answers(running.port, password))) return { ...running, adopted: running.process.pid !== own?.pid };
    if (own?.ended() === true) {
      refuseUnlessPassing(await own.said(), logFile);
      own = undefined;
      await delay(startAgainMs);
    }
    if (Date.now() > deadline) {
      own?.end();
      const who = running === undefined ? 'did not start' : `runs as process ${running.process.pid} and does not answer`;
      throw new PostgresStartError(`PostgreSQL ${who} within ${startTimeoutMs / 1000} s. ${toldBy(logFile, own && (await own.said()))}`);
    }
    if (running === undefined) own ??= await start(options);
    await delay(askAgainMs);
  }
}

function refuseUnlessPassing(said: string, logFile: string): void {
  if (!passing.test(said)) throw new PostgresStartError(`PostgreSQL did not start. ${toldBy(logFile, said)}`);
}

const toldBy = (logFile: string, said = ''): string =>
  said === '' ? `Its log is ${logFile}` : `Its log, ${logFile}, ends with:\n${said.trimEnd().split('\n').slice(-5).join('\n')}`;

interface Start {
  pid: number | undefined;
  ended(): boolean;
  /** What it has written to its log since it was started. */
  said(): Promise<string>;
  end(): void;
}

async function start({ folder, logFile, account, port }: PostgresOptions): Promise<Start> {
  await forgetFormerBoot(folder);
  const { postgres } = await postgresPrograms(account, folder);
  const log = await open(logFile, 'a', 0o600);
  try {
    const { size } = await log.stat();
    const child = spawn(
      postgres,
      // The socket folder is off: everything goes over loopback with a password.
      ['-D', join(folder, 'data'), '-p', String(port ?? (await freePort())), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=100', '-c', 'shared_buffers=32MB', '-c', 'max_wal_size=256MB'],
      { ...identity(account), detached: true, stdio: ['ignore', log.fd, log.fd], cwd: folder },
    );
    const [failure] = (await Promise.race([once(child, 'spawn'), once(child, 'error')])) as [Error?];
    if (failure !== undefined) throw failure;
    child.unref();
    return {
      pid: child.pid,
      ended: () => child.exitCode !== null || child.signalCode !== null,
      said: async () => {
        const bytes = await readFile(logFile);
        // A log that has grown large is emptied now and then.
        return bytes.subarray(bytes.length < size ? 0 : size).toString('utf8');
      },
      end: () => void child.kill('SIGQUIT'),
    };
  } finally {
    await log.close();
  }
}

/** Ends the server: clients are disconnected, the data is consistent. */
export async function stopPostgres(server: Pick<PostgresServer, 'process'>): Promise<void> {
  signalProcess(server.process, 'SIGINT');
  while (isRunning(server.process)) await delay(20);
}
