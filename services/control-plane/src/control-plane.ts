import type { KubernetesClient } from '@guildhall/kubernetes';
import type { Logger } from 'pino';
import { createAccessTokens, type AccessTokens } from './access/admin-token.ts';
import { createConsortiumService, type Capacity } from './consortia/consortium-service.ts';
import type { Exposure } from './consortia/consortium-resources.ts';
import { createConsortiumKind } from './consortia/create-consortium.ts';
import { deleteConsortiumKind } from './consortia/delete-consortium.ts';
import type { ContractCatalogue } from './contracts/catalogue.ts';
import { createContractService } from './contracts/contract-service.ts';
import { deployContractKind } from './contracts/deploy-contract.ts';
import { migrate, openDatabase, openPool } from './database/database.ts';
import { createNotifications } from './database/notifications.ts';
import { createGraphQLHandler } from './http/graphql-handler.ts';
import { createHttpServer } from './http/server.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createClusterSteps } from './operations/cluster-steps.ts';
import { createPostgresOperationQueue } from './operations/operation-queue.ts';
import { createOperationRuntime } from './operations/operation-runtime.ts';
import { createOperationService } from './operations/operation-service.ts';
import { createOperationWorker } from './operations/operation-worker.ts';
import { createClusterView } from './projections/cluster-view.ts';
import { createProjector } from './projections/projector.ts';

export interface ControlPlane {
  url: string;
  tokens: AccessTokens;
  stop(): Promise<void>;
}

/** Composes the control plane and starts it: database, projections, operations, API. */
export async function startControlPlane(options: {
  databaseUrl: string;
  client: KubernetesClient;
  ledger: Ledger;
  catalogue: ContractCatalogue;
  capacity: Capacity;
  exposure: Exposure;
  host: string;
  port: number;
  logger: Logger;
  now: () => Date;
}): Promise<ControlPlane> {
  const { client, catalogue, logger } = options;
  const stopping = new AbortController();
  const pool = openPool(options.databaseUrl);
  pool.on('error', (error) => logger.warn({ err: error }, 'a connection to the database ended'));
  const db = openDatabase(pool);
  await migrate(db);

  const notifications = createNotifications(options.databaseUrl, logger);
  const view = createClusterView(client, logger);
  const projector = createProjector(db, view, logger);
  const steps = createClusterSteps({ client, view, projector });
  const createKind = createConsortiumKind(steps, db);
  const deleteKind = deleteConsortiumKind(steps, db);
  const deployKind = deployContractKind('deployContract', steps);
  const upgradeKind = deployContractKind('upgradeContract', steps);

  const queue = await createPostgresOperationQueue(options.databaseUrl, logger);
  const worker = createOperationWorker({ db, kinds: [createKind, deleteKind, deployKind, upgradeKind], now: options.now, logger, signal: stopping.signal });
  const runtime = createOperationRuntime({ db, view, queue, worker, logger });
  const operations = createOperationService(db, () => runtime.ringSoon());
  const tokens = createAccessTokens(db);

  const graphql = createGraphQLHandler({
    services: {
      db,
      notifications,
      catalogue,
      operations,
      ledger: options.ledger,
      contracts: createContractService({ db, operations, catalogue, deployKind, upgradeKind }),
      consortia: createConsortiumService({ db, operations, catalogue, capacity: options.capacity, exposure: options.exposure, createKind, deleteKind, objectsOf: (name) => view.ofConsortium(name) }),
    },
    tokens,
    logger,
  });
  await graphql.start();
  const server = createHttpServer({ db, graphql, isReady: () => Promise.resolve(view.hasSynced() ? {} : { cluster: 'its watches have not caught up' }) });

  const running = [notifications.start(stopping.signal), projector.run(stopping.signal), runtime.run(stopping.signal)];
  const url = await server.listen(options.host, options.port);
  return {
    url,
    tokens,
    stop: async () => {
      stopping.abort();
      await server.close();
      await graphql.stop();
      await queue.close();
      await Promise.all(running);
      await pool.end();
    },
  };
}
