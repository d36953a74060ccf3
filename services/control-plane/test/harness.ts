import { customResourceDefinitions, type CustomResourceDefinition, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal, type Cluster } from '@guildhall/local-cluster';
import { componentRoles, crd, fieldManagers, kinds, type GuildhallObject } from '@guildhall/resources';
import { pino } from 'pino';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';
import { startControlPlane, type ContractCatalogue, type ControlPlane, type Ledger } from '../src/index.ts';

export interface Harness {
  url: string;
  token: string;
  admin: KubernetesClient;
  postgres: PostgresServer;
  graphql<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<{ data: T; errors?: ApiError[] }>;
  /** Says of every object of ours that it is Ready, as its controllers would. */
  makeEverythingReady(): Promise<void>;
  /** Ends the control plane as a crash does not, and starts another on the same database and cluster. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApiError {
  message: string;
  extensions: { code: string; path?: string; nextAction: string; problems?: { path?: string; message: string }[] };
}

const catalogue: ContractCatalogue = {
  templates: [{ id: 'note', title: 'Note', description: 'A note.', versions: [{ version: '1.0.0', description: 'First.' }, { version: '2.0.0', description: 'Second.' }] }],
  build: async (template, version) => {
    const artifact = Buffer.from(`// ${template} ${version}`);
    const { createHash } = await import('node:crypto');
    return { artifact, digest: `sha256:${createHash('sha256').update(artifact).digest('hex')}`, metadata: { template, version } };
  },
};

const ledger: Ledger = {
  submit: () => Promise.reject(new Error('no ledger here')),
  evaluate: (input) => Promise.resolve(`${input.contract}.${input.function}(${input.args.join(',')})`),
};

export async function startHarness(): Promise<Harness> {
  const postgres = await startPostgres();
  const cluster: Cluster = await createInMemoryCluster();
  const admin = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await admin.create(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition);
  const role = componentRoles.controlPlane;
  const client = cluster.connect(
    { name: 'control-plane', rules: [...role.cluster, ...role.consortia.map((rule) => ({ ...rule, namespaces: ['gh-*'] }))] },
    { fieldManager: fieldManagers.controlPlane },
  );
  const start = (): Promise<ControlPlane> =>
    startControlPlane({
      databaseUrl: postgres.url,
      client,
      ledger,
      catalogue,
      capacity: () => Promise.resolve({ memoryMegabytes: 20_000, diskMegabytes: 20_000 }),
      exposure: 'Local',
      host: '127.0.0.1',
      port: 0,
      logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      now: () => new Date(),
    });
  let controlPlane = await start();
  const token = await controlPlane.tokens.issueAdminToken();

  const graphql: Harness['graphql'] = async (query, variables) => {
    const response = await fetch(`${controlPlane.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as never;
  };

  return {
    get url() {
      return controlPlane.url;
    },
    token,
    admin,
    postgres,
    graphql,
    makeEverythingReady: async () => {
      for (const kind of kinds) {
        const { items } = await admin.list(kind.type);
        for (const item of items as GuildhallObject<unknown, { conditions?: unknown[] }>[]) {
          if (item.status?.conditions) continue;
          const condition = { type: 'Ready', status: 'True', reason: 'Ready', message: 'as the test says', observedGeneration: item.metadata.generation, lastTransitionTime: new Date().toISOString() };
          await admin.applyStatus(kind.type, { metadata: { namespace: item.metadata.namespace ?? '', name: item.metadata.name }, status: { conditions: [condition] } }, { force: true });
        }
      }
    },
    restart: async () => {
      await controlPlane.stop();
      controlPlane = await start();
    },
    stop: async () => {
      await controlPlane.stop();
      await postgres.stop();
    },
  };
}
