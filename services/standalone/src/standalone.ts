import packageJson from '../../../package.json' with { type: 'json' };
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCertificateAuthority, openKeyFile } from '@guildhall/certificate-authority';
import { createGatewayLedger, startControlPlane, type ControlPlane } from '@guildhall/control-plane';
import { createCatalogue } from '@guildhall/control-plane/catalogue';
import { systemClock } from '@guildhall/kubernetes';
import { createLedgerGateway } from '@guildhall/ledger-gateway';
import { storageClasses } from '@guildhall/local-cluster/storage-classes';
import { createOperator, defaultImages } from '@guildhall/operator';
import type { Logger } from 'pino';
import { ensureAdminToken } from './admin-token-file.ts';
import { machineCapacity, requireRoom } from './capacity.ts';
import { fabricVersion, programsInWords, provideFabricPrograms } from './fabric-programs.ts';
import { logFolder, openHome, type Home } from './home.ts';
import { addressProblem, requireFreeAddress } from './listen-address.ts';
import { startLocalCluster } from './local-cluster.ts';
import { postgresAccount } from './postgres/account.ts';
import { prepareDatabases } from './postgres/databases.ts';
import { dataFolder } from './postgres/data-folder.ts';
import { supervisePostgres } from './postgres/supervised-postgres.ts';
import { createPreparation } from './preparation.ts';
import { writeAddress } from './running-guildhall.ts';
import { endAll, endStarted, type Started } from './started.ts';
import { openSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Terminal } from './terminal.ts';
import { provideConsole } from './web-console.ts';

export interface Standalone {
  /** Of API and console. */
  url: string;
  /** The same as people reach it, be it through a proxy. */
  publicUrl: string;
  controlPlane: ControlPlane;
  /** Resolves when Fabric's programs are there, be it that a person has put them there meanwhile; rejects when Guildhall ends before. */
  fabricPrograms: Promise<void>;
  /** Ends everything that runs for this home, nodes included; `tell` is told what ends next. */
  stop(tell?: (part: string) => void): Promise<void>;
}

const { version } = packageJson;

const restartMs = 1000;

/** Runs a component until it is told to end. One that fails is started again: each of them goes on where the last one was. */
async function keepRunning(name: string, run: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, logger: Logger): Promise<void> {
  while (!signal.aborted) {
    try {
      await run(signal);
    } catch (error) {
      logger.error({ err: error }, `${name} ended with an error; it is started again`);
    }
    if (!signal.aborted) await delay(restartMs, undefined, { signal }).catch(() => undefined);
  }
}

const shortId = (): string => randomBytes(6).toString('hex');

/**
 * Starts everything on this machine, adopting what still runs of an earlier start.
 * @param signal asks for the end of everything: what cannot come up then is not waited for
 */
export async function startStandalone(settings: Settings, terminal: Terminal, logger: Logger, signal?: AbortSignal): Promise<Standalone> {
  const home = await openHome(settings.home);
  const started: Started[] = [{ name: 'the lock of the home', adopted: false, end: home.release }];
  const ending = new AbortController();
  try {
    return await startAll({ settings, home, terminal, logger, started, ending, signal });
  } catch (error) {
    ending.abort();
    const takeBack = signal?.aborted === true ? endAll : endStarted;
    await takeBack(started).catch((more: unknown) => logger.error({ err: more }, 'a start that failed could not take back everything'));
    throw error;
  }
}

interface Start {
  settings: Settings;
  home: Home;
  terminal: Terminal;
  logger: Logger;
  /** Grows with each part that runs. */
  started: Started[];
  /** Aborted with the end of everything. */
  ending: AbortController;
  signal: AbortSignal | undefined;
}

async function startAll({ settings, home, terminal, logger, started, ending, signal }: Start): Promise<Standalone> {
  const startedAt = new Date();
  await requireFreeAddress(settings.host, settings.port);
  const warning = requireRoom(await machineCapacity(home.path), home.path);
  if (warning !== undefined) terminal.line(warning);
  const preparation = createPreparation();
  const indented = (line: string): void => terminal.line(`          ${line}`);
  const preparingPrograms = preparation.begin('programs');
  const programs = await provideFabricPrograms({
    onProgress: (line) => {
      indented(line);
      preparingPrograms.tell(line);
    },
    onMissing: (message) => {
      terminal.line(`Fabric's programs are missing, so no node can run:\n${message}\nGuildhall goes on by itself when they are there.`);
      preparingPrograms.wait(message);
    },
    signal: ending.signal,
  });
  const { current: console, settled } = provideConsole({
    preparing: preparation.begin('console'),
    onProgress: indented,
    onMissing: (message) => terminal.line(`There is no console in the browser; Guildhall goes on without it.\n${message}`),
    signal: ending.signal,
  });
  started.push({ name: 'the build of the console', adopted: false, end: () => settled });
  const secrets = await openSecrets(home.path);

  const databaseUrls = await terminal.stage('PostgreSQL', async () => {
    const account = await postgresAccount();
    const { folder, elsewhere } = await dataFolder(home.path, account);
    if (elsewhere) terminal.line(`          PostgreSQL runs as ${account?.name}, who cannot reach ${home.path}: its data is in ${folder}`);
    const postgres = await supervisePostgres({ folder, logFile: join(logFolder(home.path), 'postgres.log'), password: secrets.database.administrator, account }, logger, terminal.line);
    started.push({ name: 'PostgreSQL', adopted: postgres.server.adopted, end: postgres.stop });
    return prepareDatabases(postgres.server, secrets.database);
  });

  const cluster = await terminal.stage('local cluster', async () => {
    const launched = await startLocalCluster({ home: home.path, databaseUrl: databaseUrls.localCluster, secrets, fabricPrograms: programs.folder, logLevel: settings.logLevel, tell: terminal.line, logger: logger.child({ component: 'local-cluster' }) });
    started.push({ name: 'the local cluster with its nodes', adopted: launched.adopted, end: launched.stop });
    return launched;
  });
  let fabric: string | undefined;
  const adoptPrograms = async (): Promise<void> => {
    const folder = await programs.ready;
    if (folder !== programs.folder) await cluster.useFabricPrograms(folder);
    fabric = await fabricVersion(folder);
    preparingPrograms.succeed(programsInWords(fabric, folder));
  };
  const fabricPrograms = adoptPrograms();
  // Who waits for it is told; nobody need.
  fabricPrograms.catch((error: unknown) => logger.debug({ err: error }, "Fabric's programs are not there"));

  const components = new AbortController();
  const running: Promise<void>[] = [];
  const run = (name: string, start: (signal: AbortSignal) => Promise<void>): void => {
    running.push(keepRunning(name, start, components.signal, logger));
  };
  started.push({
    name: 'the operator and the certificate authority',
    adopted: false,
    end: async () => {
      components.abort();
      await Promise.all(running);
    },
  });

  return terminal.stage('control plane, certificate authority, operator and gateway', async () => {
    run('the certificate authority', (signal) =>
      createCertificateAuthority({
        databaseUrl: databaseUrls.certificateAuthority,
        client: cluster.clients.certificateAuthority,
        openKey: () => openKeyFile(join(home.path, 'key-encryption.key')),
        logger: logger.child({ component: 'certificate-authority' }),
      }).start(signal),
    );

    const gateway = createLedgerGateway({ client: cluster.clients.ledgerGateway, clock: systemClock, ids: shortId, logger: logger.child({ component: 'ledger-gateway' }) });
    started.push({
      name: 'the ledger gateway',
      adopted: false,
      end: () => {
        gateway.close();
        return Promise.resolve();
      },
    });

    const controlPlane = await startControlPlane({
      databaseUrl: databaseUrls.controlPlane,
      client: cluster.clients.controlPlane,
      ledger: createGatewayLedger(gateway),
      blocks: gateway.blocks,
      catalogue: createCatalogue(),
      capacity: () => machineCapacity(home.path),
      exposure: 'Local',
      storageClasses: Object.keys(storageClasses),
      platform: { version, startedAt, cluster: 'local', home: home.path, fabricVersion: () => fabric, preparation: preparation.steps, onChange: preparation.onChange },
      console,
      publicUrl: settings.publicUrl,
      host: settings.host,
      port: settings.port,
      logger: logger.child({ component: 'control-plane' }),
      now: () => new Date(),
      // The home's lock lets one run at a time: after a kill its operations go on at once.
      workerId: 'standalone',
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      throw addressProblem(error, settings.host, settings.port) ?? error;
    });
    started.push({ name: 'the API', adopted: false, end: controlPlane.stop });
    await ensureAdminToken(home.path, controlPlane.tokens);
    const publicUrl = settings.publicUrl?.origin ?? controlPlane.url;
    await writeAddress(home.path, publicUrl);

    run('the operator', (signal) =>
      createOperator({
        client: cluster.clients.operator,
        settings: { artifactUrl: controlPlane.url, images: defaultImages },
        logger: logger.child({ component: 'operator' }),
      }).run(signal),
    );
    const stop = (tell?: (part: string) => void): Promise<void> => {
      ending.abort();
      return endAll(started, tell);
    };
    return { url: controlPlane.url, publicUrl, controlPlane, fabricPrograms, stop };
  });
}
