import DataLoader from 'dataloader';
import type { ClientIdentityService } from '../applications/client-identity-service.ts';
import type { ConsortiumService } from '../consortia/consortium-service.ts';
import { artifactMetadata, artifactSources } from '../contracts/artifact-repository.ts';
import type { ContractCatalogue, ContractSource } from '../contracts/catalogue.ts';
import type { ConsentService } from '../contracts/consent-service.ts';
import type { ContractService } from '../contracts/contract-service.ts';
import type { Database } from '../database/database.ts';
import type { Notifications } from '../database/notifications.ts';
import type { LogRow, StepRow } from '../database/schema.ts';
import { unauthenticated } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerReader } from '../ledger/ledger-reader.ts';
import { createTransactionLoader, type TransactionLoader } from '../ledger/transactions-at.ts';
import { logPages, type LogPage } from '../operations/operation-log.ts';
import type { PodLogs } from '../logs/pod-logs.ts';
import type { NodeService } from '../nodes/node-service.ts';
import { stepsOf } from '../operations/operation-repository.ts';
import type { OperationService } from '../operations/operation-service.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import type { Platform } from '../platform/platform.ts';
import { projectionsOf } from '../projections/projection-repository.ts';

/** What resolvers may reach. */
export interface Services {
  db: Database;
  notifications: Notifications;
  consortia: ConsortiumService;
  contracts: ContractService;
  clientIdentities: ClientIdentityService;
  consents: ConsentService;
  catalogue: ContractCatalogue;
  operations: OperationService;
  ledger: Ledger;
  platform: Platform;
  ledgerReader: LedgerReader;
  nodes: NodeService;
  logs: PodLogs;
}

export interface Loaders {
  /** Objects of a consortium by its name. */
  objects: DataLoader<string, ClusterObject[]>;
  steps: DataLoader<string, StepRow[]>;
  logs: DataLoader<LogPage, LogRow[], string>;
  contractMetadata: DataLoader<string, unknown>;
  transactions: TransactionLoader;
  contractSources: DataLoader<string, ContractSource | null>;
}

export interface RequestContext {
  /** Undefined when nobody is signed in: then no field answers. */
  actor: string | undefined;
  services: Services;
  loaders: Loaders;
}

function createLoaders(db: Database, ledgerReader: LedgerReader): Loaders {
  return {
    objects: new DataLoader(async (names) => {
      const objects = await projectionsOf(db, names);
      return names.map((name) => objects.filter((object) => object.consortium === name));
    }),
    steps: new DataLoader(async (ids) => {
      const rows = await stepsOf(db, ids);
      return ids.map((id) => rows.filter((row) => row.operation_id === id));
    }),
    logs: new DataLoader((pages) => logPages(db, pages), { cacheKeyFn: (page) => JSON.stringify([page.operationId, page.after, page.limit]) }),
    contractMetadata: new DataLoader(async (digests) => {
      const rows = await artifactMetadata(db, digests);
      return digests.map((digest) => rows.find((row) => row.digest === digest)?.metadata ?? null);
    }),
    transactions: createTransactionLoader(ledgerReader),
    contractSources: new DataLoader(async (digests) => {
      const rows = await artifactSources(db, digests);
      return digests.map((digest) => rows.find((row) => row.digest === digest) ?? null);
    }),
  };
}

/** Who acts. The scope check has let nobody through without one; this holds if it ever does not. */
export function actorOf(context: RequestContext): string {
  if (context.actor === undefined) throw unauthenticated();
  return context.actor;
}

export const createRequestContext = (services: Services, actor: string | undefined): RequestContext => ({
  actor,
  services,
  loaders: createLoaders(services.db, services.ledgerReader),
});

/** What was loaded for one event of a subscription says nothing about the next. */
export function forgetLoaded(loaders: Loaders): void {
  loaders.objects.clearAll();
  loaders.steps.clearAll();
  loaders.logs.clearAll();
  loaders.transactions.clearAll();
}
