import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, customResourceDefinitions, type CustomResourceDefinition, type KubernetesClient } from '@guildhall/kubernetes';
import { launchLocalCluster, type LaunchedCluster } from '@guildhall/local-cluster/launch';
import { componentRoles, crd, fieldManagers, kinds, rulesWithNamespaces, type Writer } from '@guildhall/resources';
import { defaultImages } from '@guildhall/operator';
import { runnerProgram } from '@guildhall/contract-runner';
import type { Logger } from 'pino';
import { writePrivateFile } from './private-file.ts';
import type { Secrets } from './secrets.ts';
import { supervise } from './supervise.ts';

export interface LocalCluster {
  adopted: boolean;
  clients: Record<Writer, KubernetesClient>;
  /** Fabric's programs are in another folder than was thought at the start: pods that wait for them find them there. */
  useFabricPrograms(folder: string): Promise<void>;
  /** Ends the pods and then the cluster. */
  stop(): Promise<void>;
}

/** Only this start-up writes definitions of kinds; on a real cluster that is the chart's work. */
const installerRules = [
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get', 'create', 'patch'] },
];

const principals = (tokens: Secrets['cluster']): unknown => [
  { name: 'guildhall-installer', token: tokens.installer, rules: installerRules },
  ...(Object.keys(fieldManagers) as Writer[]).map((component) => ({
    name: fieldManagers[component],
    token: tokens[component],
    rules: rulesWithNamespaces(componentRoles[component]),
  })),
];

/** What stands in for images: Fabric's programs, which may still be on their way, and the contract runner under this very Node.js. */
const programs = (fabricPrograms: string, compileCache: string): unknown => {
  const environment = { FABRIC_CFG_PATH: join(fabricPrograms, '..', 'config') };
  return {
    [defaultImages.peer['3.1'] ?? '']: { command: [join(fabricPrograms, 'peer'), 'node', 'start'], environment },
    [defaultImages.orderer['3.1'] ?? '']: { command: [join(fabricPrograms, 'orderer')], environment },
    // Compiled code is kept between starts: it halves what a start of the runner costs.
    [defaultImages.contractRunner]: { command: [process.execPath, fileURLToPath(runnerProgram)], environment: { NODE_COMPILE_CACHE: compileCache } },
  };
};

async function installKinds(client: KubernetesClient): Promise<void> {
  for (const kind of kinds) {
    // Raw JSON: what went through a typed client would lose the rules on its way.
    await client.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });
  }
}

/**
 * Starts the local cluster and brings the kinds up to date. One that an earlier Guildhall left running has that one's code and rules: its
 * process is replaced, and its pods run on.
 */
export async function startLocalCluster(options: {
  home: string;
  databaseUrl: string;
  secrets: Secrets;
  /** Folder that holds Fabric's programs, or will hold them. */
  fabricPrograms: string;
  logLevel: string;
  /** For the person at the terminal. */
  tell: (sentence: string) => void;
  logger: Logger;
}): Promise<LocalCluster> {
  const folder = join(options.home, 'cluster');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  await writePrivateFile(file('database-url'), options.databaseUrl);
  await writePrivateFile(file('principals.json'), JSON.stringify(principals(options.secrets.cluster)));
  let { fabricPrograms } = options;
  let port = 0;
  const writeSettings = (): Promise<void> =>
    writePrivateFile(
      file('settings.json'),
      JSON.stringify({
        home: folder,
        connectionFile: file('database-url'),
        principalsFile: file('principals.json'),
        keyFile: file('secrets.key'),
        listen: { port },
        programs: programs(fabricPrograms, file('compile-cache')),
        logLevel: options.logLevel === 'trace' ? 'debug' : options.logLevel,
      }),
    );
  await writeSettings();
  const launch = (renew: boolean): Promise<LaunchedCluster> =>
    launchLocalCluster({ settingsFile: file('settings.json'), logFile: join(options.home, 'logs', 'local-cluster.log'), renew });
  const first = await launch(true);
  // Its pods go on meanwhile.
  const supervised = supervise(first, { name: 'The local cluster', startAgain: () => launch(false), tell: options.tell, logger: options.logger });
  const stop = async (how?: { leavePods: boolean }): Promise<void> => (await supervised.release()).stop(how);
  const client = (token: string, fieldManager: string): KubernetesClient => createClient({ server: first.url, token, fieldManager });
  const installer = client(options.secrets.cluster.installer, 'guildhall-installer');
  try {
    // From here on clients know the port: started again, it waits for this one rather than take another.
    port = Number(new URL(first.url).port);
    await writeSettings();
    await installKinds(installer);
  } catch (error) {
    await stop({ leavePods: first.adopted });
    throw error;
  }
  const ofComponent = (component: Writer): KubernetesClient => client(options.secrets.cluster[component], fieldManagers[component]);
  return {
    adopted: first.adopted,
    useFabricPrograms: (programsFolder) => {
      fabricPrograms = programsFolder;
      return writeSettings();
    },
    stop: () => stop(),
    clients: {
      controlPlane: ofComponent('controlPlane'),
      operator: ofComponent('operator'),
      certificateAuthority: ofComponent('certificateAuthority'),
      ledgerGateway: ofComponent('ledgerGateway'),
    },
  };
}
