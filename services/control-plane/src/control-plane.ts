import { randomUUID } from 'node:crypto';
import type { Health, KubernetesClient } from '@guildhall/kubernetes';
import type { LedgerBlocks } from '@guildhall/ledger-gateway';
import type { Exposure } from '@guildhall/resources';
import type { Logger } from 'pino';
import { createAccessTokens, type AccessTokens } from './access/admin-token.ts';
import { createSessions, type Sessions } from './access/sessions.ts';
import { createSignInFailures } from './access/sign-in-failures.ts';
import { createClientIdentityService } from './applications/client-identity-service.ts';
import { createOutageLog, pause, untilAnswered } from './availability.ts';
import type { Capacity } from './consortia/capacity.ts';
import { createConsortiumService } from './consortia/consortium-service.ts';
import { createNamespaceAccess } from './consortia/namespace-access.ts';
import { createConsortiumKind } from './consortia/create-consortium.ts';
import type { StorageClasses } from './consortia/storage-classes.ts';
import { deleteConsortiumKind } from './consortia/delete-consortium.ts';
import { isBuilt, type Console } from './console/console-folder.ts';
import type { ContractCatalogue } from './contracts/catalogue.ts';
import type { ImageRegistries } from './contracts/image-rule.ts';
import { createConsentService } from './contracts/consent-service.ts';
import { createContractService } from './contracts/contract-service.ts';
import { deployContractKind } from './contracts/deploy-contract.ts';
import { approveContractKind } from './contracts/late-approval.ts';
import { databaseSchema, openDatabase, openPool, type Database } from './database/database.ts';
import { createDatabaseWatch } from './database/database-watch.ts';
import { migrate } from './database/migrate.ts';
import { createNotifications } from './database/notifications.ts';
import { createCallers } from './http/callers.ts';
import { createConsoleHandler } from './http/console-handler.ts';
import { createGraphQLHandler } from './http/graphql-handler.ts';
import { createHttpServer, type Backend } from './http/server.ts';
import { createSessionCookie } from './http/session-cookie.ts';
import { createSessionHandler } from './http/session-handler.ts';
import type { Site } from './http/site.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createLedgerReader } from './ledger/ledger-reader.ts';
import { createLedgerFollowers } from './ledger-index/ledger-followers.ts';
import { createPodLogs } from './logs/pod-logs.ts';
import { addNodeKind } from './nodes/add-node.ts';
import { changeNodeKind } from './nodes/change-node.ts';
import { createNodeService } from './nodes/node-service.ts';
import { removeNodeKind } from './nodes/remove-node.ts';
import { restartNodeKind } from './nodes/restart-node.ts';
import { createClusterSteps } from './operations/cluster-steps.ts';
import { createPostgresOperationQueue } from './operations/operation-queue.ts';
import { createOperationRuntime } from './operations/operation-runtime.ts';
import { createOperationService } from './operations/operation-service.ts';
import { createOperationWorker } from './operations/operation-worker.ts';
import type { Platform } from './platform/platform.ts';
import { createClusterReader } from './projections/cluster-reader.ts';
import { createClusterView, type ClusterView } from './projections/cluster-view.ts';
import { projectionsOf } from './projections/projection-repository.ts';
import { createProjector } from './projections/projector.ts';

export interface ControlPlaneOptions {
  databaseUrl: string;
  client: KubernetesClient;
  ledger: Ledger;
  blocks: LedgerBlocks;
  catalogue: ContractCatalogue;
  /** Left out: it runs no images. */
  imageRegistries?: ImageRegistries;
  capacity: Capacity;
  platform: Platform;
  exposure: Exposure;
  /** Of the volumes of nodes that the API makes, where the input names none. Left out: the cluster's default. */
  storageClass?: string | undefined;
  /** Where nobody can make others. Left out: any, and a node waits for its own. */
  storageClasses?: StorageClasses;
  /** Guildhall's own namespace, where components are given their roles in each namespace of consortia. Left out: the cluster knows them by name. */
  ownNamespace?: string;
  /** Whether namespaces of consortia and members get network policies, where there is an own namespace. Left out: they do. */
  closesNetworks?: boolean;
  host: string;
  port: number;
  /** Where people reach it, when it is not where it listens: the origin of a proxy that speaks TLS. */
  publicUrl?: URL | undefined;
  /** The console that is served now; it may be built meanwhile. Left out: none. */
  console?: () => Console;
  logger: Logger;
  now: () => Date;
  /**
   * The name under which this process works on operations; a new one by itself. With a name that stays, a process that was
   * killed goes on at once when it starts again, instead of when its leases have run out. No two that run may share it.
   */
  workerId?: string;
  /** Ends the waiting for a database that is not there yet. */
  signal?: AbortSignal;
  /** Told the address as soon as it is listened on: health is answered before the database is there. */
  onListening?: (url: string) => void;
  /** Told how it is. */
  health?: Health;
  /** How long requests that are on their way may take when it stops. */
  endMs?: number;
}

export interface ControlPlane {
  url: string;
  tokens: AccessTokens;
  sessions: Sessions;
  stop(): Promise<void>;
}

/** What goes on in the background, and how it is ended. */
interface Working {
  backend: Backend;
  tokens: AccessTokens;
  sessions: Sessions;
  /** Resolves when everything has ended; to be called after the signal was aborted. */
  ended(): Promise<void>;
}

const noConsole = (): Console => ({ absent: 'This Guildhall serves no console; its API is at /graphql.', isComing: false });

const noDocuments: ReadonlyMap<string, string> = new Map();

async function work(options: ControlPlaneOptions, { db, view, site, signal }: { db: Database; view: ClusterView; site: Site; signal: AbortSignal }): Promise<Working> {
  const { client, catalogue, capacity, logger, console = noConsole } = options;
  const defaults = { exposure: options.exposure, storageClass: options.storageClass };
  const { storageClasses } = options;
  // First, because it needs the database: what comes before a failure is made again.
  const queue = await createPostgresOperationQueue(options.databaseUrl, logger);
  const notifications = createNotifications(options.databaseUrl, logger);
  const reader = createClusterReader(client);
  const projector = createProjector({ db, view, reader, logger });
  const access = options.ownNamespace === undefined ? undefined : createNamespaceAccess({ client, own: options.ownNamespace, closesNetworks: options.closesNetworks ?? true, logger });
  const steps = createClusterSteps({ client, view, reader, projector, access });
  const createKind = createConsortiumKind(steps, db);
  const deleteKind = deleteConsortiumKind(steps, db);
  const deployKind = deployContractKind('deployContract', steps, db);
  const upgradeKind = deployContractKind('upgradeContract', steps, db);
  const approveKind = approveContractKind(steps, db);
  const nodeKinds = { addKind: addNodeKind(steps), removeKind: removeNodeKind(steps), changeKind: changeNodeKind(steps), restartKind: restartNodeKind(steps) };
  const kinds = [createKind, deleteKind, deployKind, upgradeKind, approveKind, ...Object.values(nodeKinds)];

  const worker = createOperationWorker({ id: options.workerId ?? randomUUID(), db, kinds, now: options.now, logger, signal });
  const runtime = createOperationRuntime({ db, view, queue, worker, logger, signal });
  const operations = createOperationService(db, kinds, () => runtime.ringSoon());
  const tokens = createAccessTokens(db);
  const sessions = createSessions(db);
  const cookie = createSessionCookie(site.publicUrl?.protocol === 'https:');

  const graphql = createGraphQLHandler({
    services: {
      db,
      notifications,
      catalogue,
      operations,
      ledger: options.ledger,
      platform: options.platform,
      clientIdentities: createClientIdentityService({ db, client, projector }),
      ledgerReader: createLedgerReader(options.blocks),
      logs: createPodLogs(client),
      nodes: createNodeService({ db, operations, capacity, defaults, storageClasses, now: options.now, ...nodeKinds }),
      contracts: createContractService({ db, operations, catalogue, imageRegistries: options.imageRegistries, capacity, deployKind, upgradeKind }),
      consents: createConsentService({ db, operations, capacity, approveKind, ringSoon: () => runtime.ringSoon() }),
      consortia: createConsortiumService({ db, operations, catalogue, capacity, defaults, storageClasses, createKind, deleteKind, objectsOf: (name) => projectionsOf(db, [name]) }),
    },
    callers: createCallers({ tokens, sessions, cookie, site }),
    documents: () => {
      const found = console();
      return isBuilt(found) ? found.documents : found.isComing ? undefined : noDocuments;
    },
    ending: signal,
    logger,
  });
  await graphql.start();
  const followers = createLedgerFollowers({ db, view, reader, blocks: options.blocks, now: options.now, logger });
  const running = [notifications.run(signal), projector.run(signal), runtime.run(), followers.run(signal), ...(access ? [access.run(signal)] : [])];
  return {
    backend: { db, catalogue, graphql, session: createSessionHandler({ sessions, cookie, failures: createSignInFailures(options.now), site, logger }) },
    tokens,
    sessions,
    ended: async () => {
      await queue.close();
      await Promise.all(running);
    },
  };
}

/** Resolves after the task or the time, whichever is first: what waits for a database that is away must not hold up the end. */
async function within(ms: number, task: Promise<unknown>, logger: Logger): Promise<void> {
  const late = new AbortController();
  const ended = task.catch((error: unknown) => logger.warn({ err: error }, 'a part of the control plane did not end in order'));
  await Promise.race([ended, pause(ms, late.signal)]);
  late.abort();
}

const stopMs = 5000;
const usualEndMs = 3000;

/**
 * Composes the control plane and starts it: database, projections, operations, API. Resolves when it can be used; a
 * database that is not there is waited for, and meanwhile the API answers that it is starting.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  // Everything lives by this one signal; one of AbortSignal.any would keep each signal that calls make of it.
  if (options.signal?.aborted) stopping.abort(options.signal.reason);
  options.signal?.addEventListener('abort', () => stopping.abort(options.signal?.reason), { once: true });
  const pool = openPool({ connectionString: options.databaseUrl, schema: databaseSchema, applicationName: 'guildhall-control-plane', max: 10, logger });
  const db = openDatabase(pool);
  const view = createClusterView(options.client, logger);
  let working: Working | undefined;

  const database = createDatabaseWatch(db);
  const checks: Record<string, () => string | undefined> = {
    start: () => (working ? undefined : 'it waits for its database'),
    cluster: () => view.problem(),
    database: () => database.problem(),
    end: () => (signal.aborted ? 'it is ending' : undefined),
  };
  for (const [name, check] of Object.entries(checks)) options.health?.addReady(name, check);
  const failing = async (): Promise<Record<string, string>> => {
    await database.ask();
    const said = Object.entries(checks).map(([name, check]) => [name, check()] as const);
    return Object.fromEntries(said.filter((each): each is [string, string] => each[1] !== undefined));
  };
  const site: Site = { publicUrl: options.publicUrl };
  const server = createHttpServer({ backend: () => working?.backend, failing, console: createConsoleHandler(options.console ?? noConsole), site, logger });

  const stop = async (): Promise<void> => {
    // Streams end and operations are given back at once; other requests still get their answers.
    stopping.abort();
    const ended = working && within(stopMs, working.ended(), logger);
    await server.close(options.endMs ?? usualEndMs);
    await ended;
    await working?.backend.graphql.stop();
    await watching;
    await within(stopMs, pool.end(), logger);
  };

  const watching = database.run(signal);
  try {
    const url = await server.listen(options.host, options.port);
    options.onListening?.(url);
    const start = async (): Promise<Working> => {
      await migrate(options.databaseUrl, logger);
      return work(options, { db, view, site, signal });
    };
    working = await untilAnswered(start, createOutageLog(logger, 'reaching the database'), signal);
    return { url, tokens: working.tokens, sessions: working.sessions, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
