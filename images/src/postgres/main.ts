import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, readSettings, setting } from '@guildhall/process';
import { Client } from 'pg';
import { administrator, dataFolder } from './data.ts';
import { ensureDatabases, readDatabases } from './databases.ts';

// PostgreSQL in a container, for trials: makes its data on the first start, and the databases that it is told of.

const programs = '/usr/lib/guildhall-postgres/bin';
/** `/tmp` outlives a container of the same pod, and the lock beside a socket names a process id, as that in the data does: each start has a folder of its own. */
const makeSocketFolder = (): Promise<string> => mkdtemp('/tmp/guildhall-postgres-');

const shape = {
  /** Where the volume is mounted. */
  GUILDHALL_POSTGRES_VOLUME: setting.file.default('/var/lib/postgresql'),
  /** A file for each database, with its password. */
  GUILDHALL_POSTGRES_DATABASES: setting.file.default('/etc/guildhall/databases'),
  GUILDHALL_LISTEN_ADDRESS: setting.address.prefault('0.0.0.0:5432'),
};

const start = (program: string, args: readonly string[]): ChildProcess => spawn(`${programs}/${program}`, args, { stdio: ['ignore', 'inherit', 'inherit'] });

interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const endOf = async (child: ChildProcess): Promise<Ending> => {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
};

async function initdb(folder: string): Promise<void> {
  const { code, signal } = await endOf(start('initdb', ['-D', folder, '-U', administrator, '--auth-local=peer', '--auth-host=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions']));
  if (code !== 0) throw new Error(`initdb ended with ${signal ?? code}; what it said stands above`);
}

/** Its first answer, or nothing if the server ends before. */
async function connect(ended: AbortSignal, socketFolder: string, port: number): Promise<Client | undefined> {
  while (!ended.aborted) {
    const client = new Client({ host: socketFolder, port, user: administrator, database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end();
      // Not yet, or still recovering; anything else it will not get over.
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ECONNREFUSED', '57P03'].includes(String(error.code)))) throw error;
      await delay(100);
    }
  }
  return undefined;
}

async function succeeded(ending: Promise<Ending>): Promise<void> {
  const { code, signal } = await ending;
  if (code !== 0) throw new Error(`PostgreSQL ended with ${signal ?? code}; what it said stands above`);
}

async function main(): Promise<void> {
  const settings = readSettings(shape, process.env);
  const { host, port } = settings.GUILDHALL_LISTEN_ADDRESS;
  const databases = await readDatabases(settings.GUILDHALL_POSTGRES_DATABASES);
  const data = await dataFolder(settings.GUILDHALL_POSTGRES_VOLUME, initdb);
  const socketFolder = await makeSocketFolder();
  const serve = (addresses: string): ChildProcess => start('postgres', ['-D', data, '-p', String(port), '-c', `listen_addresses=${addresses}`, '-c', `unix_socket_directories=${socketFolder}`]);

  // Nobody is let in before: who comes too early is told that his password is wrong, and has no reason to come again.
  let server = serve('');
  let asked = false;
  // Clients are let go, and the data is consistent.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      asked = true;
      server.kill('SIGINT');
    });
  const over = new AbortController();
  const prepared = endOf(server).finally(() => over.abort());
  try {
    const client = await connect(over.signal, socketFolder, port);
    if (client !== undefined) {
      await ensureDatabases(client, databases);
      await client.end();
    }
  } finally {
    server.kill('SIGINT');
    await prepared;
  }
  await succeeded(prepared);
  if (asked) return;
  server = serve(host);
  process.stdout.write(`The databases ${databases.map(({ name }) => name).join(', ')} are there.\n`);
  await succeeded(endOf(server));
}

main().catch(endProcess);
