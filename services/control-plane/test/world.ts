import { createHash } from 'node:crypto';
import { customResourceDefinitions, type CustomResourceDefinition, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, crd, fieldManagers, kinds, rulesWithNamespaces } from '@guildhall/resources';
import { pino } from 'pino';
import { Pool } from 'pg';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';
import { startControlPlane, type ContractCatalogue, type ControlPlane, type Ledger, type Platform, type SourceProblem } from '../src/index.ts';
import { createScriptedLedger } from './scripted-ledger.ts';

export interface ApiError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; path?: string; nextAction: string; problems?: { path?: string; message: string }[] } & Record<string, unknown>;
}
export type Answer<T> = { data: T; errors?: ApiError[] };

/** A real database and a cluster in memory, on which control planes come and go. */
export interface World {
  postgres: PostgresServer;
  admin: KubernetesClient;
  /** A connection to the cluster with the control plane's own rights. */
  connect(): KubernetesClient;
  /** Starts a control plane; by default right on the database and with its own connection to the cluster. */
  start(options?: Partial<Parameters<typeof startControlPlane>[0]>): Promise<ControlPlane>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export const catalogue: ContractCatalogue = {
  templates: [{ id: 'note', title: 'Note', description: 'A note.', roles: [{ name: 'writer', title: 'Writes notes' }], versions: [{ version: '1.0.0', description: 'First.' }, { version: '2.0.0', description: 'Second.' }] }],
  build: (template, version) => {
    const artifact = Buffer.from(`// ${template} ${version}`);
    return Promise.resolve({ artifact, digest: `sha256:${createHash('sha256').update(artifact).digest('hex')}`, metadata: { template, version } });
  },
  source: (template, version) => Promise.resolve({ entry: 'main.ts', files: [{ path: 'main.ts', text: `// ${template} ${version}` }] }),
  // With the one rule that a clock is refused; the real rules have their tests where they are.
  check: ({ entry, files }) => {
    const problems = files.flatMap(({ path, text }): SourceProblem[] => (text.includes('Date') ? [{ severity: 'error', rule: 'clock', message: 'Date cannot be used', nextAction: 'take the time from the call', file: path, line: 1, column: text.indexOf('Date') + 1 }] : []));
    const artifact = Buffer.from(files.find(({ path }) => path === entry)?.text ?? '');
    return Promise.resolve(problems.length > 0 ? { problems } : { problems, built: { artifact, digest: `sha256:${createHash('sha256').update(artifact).digest('hex')}`, metadata: {} } });
  },
  interface: () => Promise.resolve([{ name: 'money', kind: 'function', signature: '(minor: bigint) => Money', documentation: '' }]),
};

const ledger: Ledger = {
  submit: () => Promise.reject(new Error('no ledger here')),
  evaluate: (input) => Promise.resolve(`${input.contract}.${input.function}(${input.args.join(',')})`),
};

export const platform: Platform = { version: '0.0.0', startedAt: new Date(0), cluster: 'local', fabricVersion: () => '3.1.0', preparation: () => [], onChange: () => () => undefined };

export async function startWorld(): Promise<World> {
  const postgres = await startPostgres();
  const pool = new Pool({ connectionString: postgres.url, max: 4, application_name: 'guildhall-test', options: '-c search_path=control_plane' });
  // The database may be stopped by a test; the next query gets a new connection.
  pool.on('error', () => undefined);
  const cluster = await createInMemoryCluster();
  const admin = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await admin.create(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition);
  const connect = (): KubernetesClient =>
    cluster.connect(
      { name: 'control-plane', rules: rulesWithNamespaces(componentRoles.controlPlane) },
      { fieldManager: fieldManagers.controlPlane },
    );
  return {
    postgres,
    admin,
    connect,
    start: (options = {}) =>
      startControlPlane({
        databaseUrl: postgres.url,
        client: connect(),
        ledger,
        blocks: createScriptedLedger().blocks,
        catalogue,
        capacity: () => Promise.resolve({ memoryMegabytes: 20_000, diskMegabytes: 20_000 }),
        exposure: 'Local',
        platform,
        host: '127.0.0.1',
        port: 0,
        logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
        now: () => new Date(),
        ...options,
      }),
    query: async <Row extends object>(text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows,
    stop: async () => {
      await pool.end();
      await postgres.stop();
    },
  };
}

export async function ask<T = Record<string, unknown>>(url: string, token: string, query: string, variables?: Record<string, unknown>): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<T>;
}
