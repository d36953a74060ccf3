import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '@guildhall/pki';
import type { MemberIdentity } from '../src/authorities/member-authorities.ts';
import { createAuthorityService, type AuthorityService } from '../src/authorities/authority-service.ts';
import { createCredentialStore, type CredentialStore } from '../src/authorities/credential-store.ts';
import { createIssuanceService, type IssuanceService } from '../src/certificates/issuance-service.ts';
import { openKeyFile, type KeyEncryptionKey } from '../src/custody/key-encryption-key.ts';
import { migrate, openDatabase, type Database } from '../src/database/database.ts';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';

export const now = new Date('2026-11-21T12:00:00.000Z');

export const bank: MemberIdentity = {
  uid: '6c0f6c1e-0000-4000-8000-000000000001',
  namespace: 'gh-demo--bank',
  name: 'bank',
  mspId: 'BankMSP',
};

export interface Backend {
  readonly url: string;
  readonly server: PostgresServer;
  readonly database: Database;
  readonly keyEncryptionKey: KeyEncryptionKey;
  readonly credentials: CredentialStore;
  readonly authorities: AuthorityService;
  readonly issuance: IssuanceService;
  readonly folder: string;
  stop(): Promise<void>;
}

/** The certificate that is issued; fails the test when it is refused. */
export async function certify({ issuance }: Backend, ...asked: Parameters<IssuanceService['answer']>): Promise<Certificate> {
  const answer = await issuance.answer(...asked);
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  return answer.certificate;
}

/** A pool says that it has ended before its connections are closed: the stopping server still reaches them. */
export const ignoreBroken = (): void => {};

/** The service's storage on a real PostgreSQL of its own. */
export async function startBackend(): Promise<Backend> {
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-ca-'));
  const keyEncryptionKey = await openKeyFile(join(folder, 'key'));
  const database = openDatabase(server.url, ignoreBroken);
  await migrate(database);
  const credentials = createCredentialStore(database, keyEncryptionKey);
  const authorities = createAuthorityService(database, credentials);
  return {
    url: server.url,
    server,
    database,
    keyEncryptionKey,
    credentials,
    authorities,
    issuance: createIssuanceService(database, credentials, authorities),
    folder,
    async stop() {
      await database.destroy();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
