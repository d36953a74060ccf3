import {
  createHealth,
  createInformer,
  createManager,
  services,
  silentLogger,
  sleep,
  systemClock,
  type Clock,
  type Health,
  type HealthReport,
  type KubernetesClient,
  type LeaderElector,
  type Logger,
  type Metrics,
} from '@guildhall/kubernetes';
import { certificateRequest, clientIdentity, contractInstallation, member, node, signingRequest } from '@guildhall/resources';
import { createAuthorityService } from './authorities/authority-service.ts';
import { createCredentialStore, isFirst, requireKeyOf } from './authorities/credential-store.ts';
import { createMemberController } from './authorities/member-controller.ts';
import { createCertificateRequestController } from './certificates/certificate-request-controller.ts';
import { createClientIdentityController } from './certificates/client-identity-controller.ts';
import { createIssuanceService } from './certificates/issuance-service.ts';
import type { KeyEncryptionKey } from './custody/key-encryption-key.ts';
import { migrate, openDatabase, problemOf, type Database } from './database/database.ts';
import { CertificateAuthorityError } from './errors.ts';
import { createSignatureLog } from './signatures/signature-log.ts';
import { createSigningRequestController } from './signatures/signing-request-controller.ts';
import { createSigningService } from './signatures/signing-service.ts';

export interface CertificateAuthorityOptions {
  /** `postgres://…`; everything is kept in the schema `certificate_authority`. */
  readonly databaseUrl: string;
  /** With the token of the component certificateAuthority and its field manager. */
  readonly client: KubernetesClient;
  /** Opened when the database is there. `isFirst` tells whether nothing is encrypted yet, so that a new key may be made. */
  readonly openKey: (isFirst: () => Promise<boolean>) => Promise<KeyEncryptionKey>;
  /** What is in the key's place now; rejects with a CertificateAuthorityError when it is not there. Asked now and then. Left out: the place is not watched. */
  readonly keyNow?: () => Promise<KeyEncryptionKey>;
  /** Below it nodes that are reached from outside have their names there. Left out: none is. */
  readonly exposureDomain?: string | undefined;
  /** Where several of these processes may run. The database alone already keeps them from answering anything twice. */
  readonly leaderElection?: LeaderElector;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Told how it is. Left out: its own. */
  readonly health?: Health;
}

export interface CertificateAuthority {
  /**
   * Brings the database up to date and works until the signal is aborted. Waits for a database that is not there yet; rejects when this
   * process must end (the lease is lost).
   */
  start(signal: AbortSignal): Promise<void>;
  health(): { readonly ready: HealthReport; readonly live: HealthReport };
}

const databaseRetryMs = 1000;
const databaseCheckMs = 2000;
const keyCheckMs = 60_000;
/** A database that was away for long is asked again within seconds of its return. */
const limits = { maxMs: 5000 };

/** Members' certificate authorities, the custody of their keys, and the signatures of their administrators. */
export function createCertificateAuthority(options: CertificateAuthorityOptions): CertificateAuthority {
  const { client, openKey, keyNow, leaderElection, clock = systemClock, logger = silentLogger, metrics } = options;
  const shared = { clock, logger, limits, ...(metrics === undefined ? {} : { metrics }) };
  const { health = createHealth() } = options;
  let database: { readonly problem: string | undefined } = { problem: 'the schema is not up to date yet' };
  health.addReady('database', () => database.problem);
  let keyProblem: string | undefined;
  health.addReady('key-encryption key', () => keyProblem);

  const informers = {
    requests: createInformer(client, certificateRequest.type, shared),
    identities: createInformer(client, clientIdentity.type, shared),
    signing: createInformer(client, signingRequest.type, shared),
    members: createInformer(client, member.type, shared),
    nodes: createInformer(client, node.type, shared),
    services: createInformer(client, services, shared),
    installations: createInformer(client, contractInstallation.type, shared),
  };

  /** Undefined: it was told to end before. */
  async function bringUp(connection: Database, signal: AbortSignal): Promise<KeyEncryptionKey | undefined> {
    while (!signal.aborted) {
      try {
        await migrate(connection);
        const key = await openKey(() => isFirst(connection));
        await requireKeyOf(connection, key);
        database = { problem: undefined };
        return key;
      } catch (error) {
        const problem = `it cannot be used: ${error instanceof Error ? error.message : String(error)}`;
        if (problem !== database.problem) logger.error({ err: error }, 'the database or the key-encryption key cannot be used; trying again every second');
        database = { problem };
        await sleep(clock, databaseRetryMs, signal);
      }
    }
    return undefined;
  }

  /** Keeps the health report true while something runs: an outage shows before the next request does. */
  async function watched(connection: Database, key: KeyEncryptionKey, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
    const ended = new AbortController();
    const over = AbortSignal.any([signal, ended.signal]);
    const watching = Promise.all([watchDatabase(connection, over), watchKey(key, over)]);
    try {
      await run();
    } finally {
      ended.abort();
      await watching;
    }
  }

  async function watchDatabase(connection: Database, over: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(clock, databaseCheckMs, over);
      if (over.aborted) return;
      const problem = await problemOf(connection, clock);
      if (problem !== undefined && database.problem === undefined) logger.error({ problem }, 'the database does not answer');
      database = { problem };
    }
  }

  /** It is in memory: that its place is empty would show at the next start only, when the last copy is gone. */
  async function watchKey(key: KeyEncryptionKey, over: AbortSignal): Promise<void> {
    if (keyNow === undefined) return;
    for (;;) {
      await sleep(clock, keyCheckMs, over);
      if (over.aborted) return;
      const found = await keyNow().then(
        ({ id }) => (id === key.id ? undefined : `it was replaced: this process works with ${key.id}, and in its place is ${id}. Put the former back from its backup`),
        // Whoever does not answer now says nothing of the key.
        (error: unknown) => (error instanceof CertificateAuthorityError ? `${error.message}. This process still works with it` : keyProblem),
      );
      if (found !== undefined && keyProblem === undefined) logger.error({ problem: found }, 'the key-encryption key is not in its place');
      keyProblem = found;
    }
  }

  function controllersOn(connection: Database, key: KeyEncryptionKey) {
    const credentials = createCredentialStore(connection, key);
    const authorities = createAuthorityService(connection, credentials);
    const issuance = createIssuanceService(connection, credentials, authorities);
    const { requests, members, nodes, installations } = informers;
    return [
      createMemberController({ client, members, authorities }, shared),
      createCertificateRequestController(
        { client, issuance, requests, members, nodes, services: informers.services, installations, exposureDomain: options.exposureDomain },
        shared,
      ),
      createClientIdentityController({ client, issuance, identities: informers.identities, members }, shared),
      createSigningRequestController(
        {
          client,
          requests: informers.signing,
          members,
          signing: createSigningService(connection, credentials),
          authorities: (uid) => authorities.find(uid),
          log: createSignatureLog(connection),
        },
        shared,
      ),
    ];
  }

  return {
    async start(signal) {
      const connection = openDatabase(options.databaseUrl, (error) => logger.warn({ err: error }, 'a connection to the database broke'));
      try {
        const key = await bringUp(connection, signal);
        if (key === undefined) return;
        const manager = createManager({
          controllers: controllersOn(connection, key),
          health,
          clock,
          logger,
          ...(leaderElection === undefined ? {} : { leaderElection }),
        });
        await watched(connection, key, signal, () => manager.run(signal));
      } finally {
        await connection.destroy();
      }
    },
    health: () => ({ ready: health.ready(), live: health.live() }),
  };
}
