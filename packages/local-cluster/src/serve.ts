import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { systemClock, type Logger } from '@guildhall/kubernetes';
import { systemPrincipal, type Cluster, type Ids } from './cluster.ts';
import { readPrincipals, readPrograms, type Settings } from './config.ts';
import { createCluster } from './create-cluster.ts';
import { LocalClusterError } from './errors.ts';
import { expireEvents } from './expire-events.ts';
import { readEndpoint, readRunningProcess, removeProcess, writeEndpoint, writeProcess } from './run-files.ts';
import { JournalForked, type Store } from './store/store.ts';
import { tryMachineLock } from './workloads/addresses/machine-lock.ts';
import { claimNetwork } from './workloads/addresses/network.ts';
import { hasCode } from './workloads/files.ts';
import type { FindProgram } from './workloads/pods/programs.ts';
import { ownIdentity } from './workloads/process/identity.ts';
import { createWorkloads } from './workloads/workloads.ts';

export interface ServedCluster {
  readonly url: string;
  /** Ends everything: with `leavePods` their processes go on. */
  close(options: { leavePods: boolean }): Promise<void>;
}

export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Read again for programs that are set up later. */
  readonly settingsFile: string;
  /** Waits for the database if it must. */
  readonly openStore: (settings: Settings) => Promise<OpenStore>;
  /** Another process writes to the same database: this one must end, and let the pods be. */
  readonly onForked: (error: JournalForked) => void;
  readonly logger: Logger;
}

const expireEveryMs = 60_000;

/** Takes the home of the settings for this process, adopts the pods that run and serves the API. */
export async function serveLocalCluster(settings: Settings, options: ServeOptions): Promise<ServedCluster> {
  const { settingsFile, openStore, logger } = options;
  const principals = readPrincipals(settings.principalsFile);
  mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  chmodSync(settings.home, 0o700); // also when somebody else made it: keys of nodes lie in it
  const home = realpathSync(settings.home);
  // Held until this process ends, however it ends: nobody else runs the pods of this home.
  const lock = await tryMachineLock(`home ${home}`);
  if (lock === undefined) {
    throw new LocalClusterError('ALREADY_RUNNING', `the local cluster in ${home} runs already, as process ${readRunningProcess(home)?.pid ?? '(starting)'}`);
  }
  const self = ownIdentity();
  writeProcess(home, self);
  const identity = await claimNetwork({ home, registry: settings.addressRegistry });
  const opened = await openStore(settings);
  const workloads = createWorkloads({
    home,
    identity,
    findProgram: programsOf(settingsFile, settings, logger),
    searchPath: process.env['PATH'] ?? '',
    logLimits: settings.logs,
    clock: systemClock,
    logger,
  });
  const cluster = await createCluster({
    store: guarded(opened.store, options.onForked),
    principals,
    clock: systemClock,
    ids,
    ports: workloads.ports,
    http: { onError: (error) => logger.error({ err: error }, 'a request failed inside the API server') },
  });
  const system = cluster.connect(systemPrincipal);
  await workloads.start(system);
  const server = await listen(cluster, settings, readEndpoint(home)?.url);
  const url = urlOf(server, settings.listen.host);
  writeEndpoint(home, { url, process: self });
  const expiry = setInterval(() => {
    expireEvents(system, Date.now()).catch((error: unknown) => logger.warn({ err: error }, 'old events could not be removed; it is tried again'));
  }, expireEveryMs);
  logger.info({ url, home, network: `127.${identity.network}.0.0/16` }, 'the local cluster is up');

  return {
    url,
    async close({ leavePods }) {
      clearInterval(expiry);
      server.close();
      server.closeAllConnections();
      await (leavePods ? workloads.leave() : workloads.stop());
      await opened.close();
      removeProcess(home);
      await lock.release();
    },
  };
}

function guarded(store: Store, onForked: ServeOptions['onForked']): Store {
  return {
    ...store,
    async write(work) {
      try {
        return await store.write(work);
      } catch (error) {
        if (error instanceof JournalForked) onForked(error);
        throw error;
      }
    },
  };
}

const ids: Ids = {
  uid: randomUUID,
  // The alphabet of Kubernetes' generated names: no vowels, so no words.
  suffix: () => Array.from({ length: 5 }, () => 'bcdfghjklmnpqrstvwxz2456789'[randomInt(27)]).join(''),
};

/** Programs may be set up after the start: what is missing is looked for in the settings as they are then. */
function programsOf(settingsFile: string, settings: Settings, logger: Logger): FindProgram {
  let programs = readPrograms(settingsFile);
  return (image) => {
    try {
      programs = readPrograms(settingsFile);
    } catch (error) {
      logger.error({ err: error, programs: programs.size, home: settings.home }, 'the settings cannot be read again; the programs known before stay in use');
    }
    return programs.get(image);
  };
}

/** Answers at the address of the time before if the settings leave it open, so that clients find the cluster again. */
async function listen(cluster: Cluster, { listen: { host, port } }: Settings, before: string | undefined): Promise<Server> {
  const wanted = port === 0 && before !== undefined ? Number(new URL(before).port) : port;
  for (const candidate of new Set([wanted, port])) {
    const server = createServer((request, response) => {
      if (request.url === '/healthz') response.end('ok');
      else cluster.handle(request, response);
    });
    server.listen(candidate, host);
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error;
    }
  }
  throw new LocalClusterError('START_FAILED', `port ${wanted} of ${host} is taken by another process: end it, or set another port`);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
