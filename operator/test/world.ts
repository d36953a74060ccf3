import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCertificateAuthority, openKeyFile } from '@guildhall/certificate-authority';
import { runnerProgram } from '@guildhall/contract-runner';
import { createClient, customResourceDefinitions, type CustomResourceDefinition, type KubernetesClient, type Logger } from '@guildhall/kubernetes';
import { launchLocalCluster } from '@guildhall/local-cluster/launch';
import { componentRoles, crd, fieldManagers, kinds, rulesWithNamespaces, type Writer } from '@guildhall/resources';
import { startPostgres } from '../../test/support/postgres.ts';
import { createOperator, defaultImages } from '../src/index.ts';

/** Everything real but the control plane: cluster, pods, certificate authority, operator. */
export interface World {
  clients: Record<Writer, KubernetesClient>;
  /** Calls to the cluster so far, by component, verb, kind and status. */
  calls: ReadonlyMap<string, number>;
  /** The operator can be stopped and another started, as after a crash. */
  startOperator(): { stop(): Promise<void> };
  stop(): Promise<void>;
}

const everywhere = ['*'];
const components = Object.keys(fieldManagers) as Writer[];

/** `fabric`: folder with the programs of Fabric. `artifacts`: the code of contracts by digest. `images`: programs that stand for images of contracts. */
export async function startWorld(options: { fabric: string; artifacts?: ReadonlyMap<string, string>; images?: Readonly<Record<string, string>>; logger: Logger }): Promise<World> {
  const { fabric, logger } = options;
  const home = mkdtempSync(join(tmpdir(), 'guildhall-operator-'));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(home, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const postgres = await startPostgres();
    stops.push(() => postgres.stop());
    const store = await serveArtifacts(options.artifacts ?? new Map());
    stops.push(() => void store.server.close());
    const tokens = Object.fromEntries(['installer', ...components].map((name) => [name, randomBytes(24).toString('hex')]));
    const cluster = await launch(home, postgres.url, tokens, fabric, options.images ?? {});
    stops.push(() => cluster.stop());
    const calls = new Map<string, number>();
    const count = (call: string): unknown => calls.set(call, (calls.get(call) ?? 0) + 1);
    const client = (name: string, fieldManager: string): KubernetesClient => createClient({ server: cluster.url, token: tokens[name], fieldManager, onCall: ({ verb, kind, status }) => count(`${name} ${verb} ${kind} ${status}`) });
    const clients = Object.fromEntries(components.map((name) => [name, client(name, fieldManagers[name])])) as Record<Writer, KubernetesClient>;
    const installer = client('installer', 'guildhall-installer');
    for (const kind of kinds) await installer.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });

    const running = new AbortController();
    const authority = createCertificateAuthority({ databaseUrl: postgres.url, client: clients.certificateAuthority, openKey: () => openKeyFile(join(home, 'key-encryption.key')), logger }).start(running.signal);
    stops.push(async () => {
      running.abort();
      await authority;
    });
    const startOperator = (): { stop(): Promise<void> } => {
      const working = new AbortController();
      const work = createOperator({ client: clients.operator, settings: { artifactUrl: store.url, images: defaultImages }, logger }).run(working.signal);
      return {
        stop: async () => {
          working.abort();
          await work;
        },
      };
    };
    return { clients, calls, startOperator, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(home: string, databaseUrl: string, tokens: Record<string, string>, fabric: string, images: Readonly<Record<string, string>>): ReturnType<typeof launchLocalCluster> {
  const file = (name: string, content: string): string => {
    writeFileSync(join(home, name), content, { mode: 0o600 });
    chmodSync(join(home, name), 0o600);
    return join(home, name);
  };
  const principals = [
    { name: 'guildhall-installer', token: tokens['installer'], rules: [{ apiGroups: everywhere, resources: everywhere, verbs: everywhere }] },
    ...components.map((name) => ({
      name: fieldManagers[name],
      token: tokens[name],
      rules: rulesWithNamespaces(componentRoles[name]),
    })),
  ];
  const settings = {
    home: join(home, 'cluster'),
    connectionFile: file('database-url', databaseUrl),
    principalsFile: file('principals.json', JSON.stringify(principals)),
    keyFile: join(home, 'secrets.key'),
    programs: {
      [defaultImages.peer['3.1'] ?? '']: { command: [join(fabric, 'peer'), 'node', 'start'] },
      [defaultImages.orderer['3.1'] ?? '']: { command: [join(fabric, 'orderer')] },
      [defaultImages.contractRunner]: { command: [process.execPath, fileURLToPath(runnerProgram)] },
      ...Object.fromEntries(Object.entries(images).map(([image, program]) => [image, { command: [program] }])),
    },
  };
  return launchLocalCluster({ settingsFile: file('settings.json', JSON.stringify(settings)), logFile: join(home, 'cluster.log') });
}

async function serveArtifacts(artifacts: ReadonlyMap<string, string>): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const code = artifacts.get((request.url ?? '').replace('/artifacts/sha256/', 'sha256:'));
    response.writeHead(code === undefined ? 404 : 200).end(code);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the artifact store has no port');
  return { url: `http://127.0.0.1:${address.port}`, server };
}
