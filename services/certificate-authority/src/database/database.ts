import { sleep, type Clock } from '@guildhall/kubernetes';
import { Kysely, PostgresDialect, sql, type Transaction as KyselyTransaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { CertificateAuthorityError } from '../errors.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
export type Transaction = KyselyTransaction<Tables>;

export const databaseSchema = 'certificate_authority';
/** Any number that no other part of Guildhall locks: the first process creates the schema, the others wait. */
const schemaLock = 4_714_001;

/** Limits are set per connection, so that no statement and no forgotten transaction holds up the others for long. */
export function openDatabase(url: string, onBroken: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    max: 8,
    // Kept while nobody asks: a new connection costs both sides a hundred times what a question does.
    min: 4,
    application_name: 'guildhall-certificate-authority',
    options: `-c search_path=${databaseSchema} -c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000`,
    connectionTimeoutMillis: 5000,
    // The server's own limit does not help against a server that is gone without a word.
    query_timeout: 20_000,
    keepAlive: true,
  });
  // A connection that breaks (PostgreSQL restarted) would otherwise end the process; the pool opens a new one. The pool itself listens only
  // to those that rest, so one that is in use between two statements needs a listener of its own.
  pool.on('connect', (connection) => void connection.on('error', onBroken));
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Brings the schema to the newest migration; several processes may do so at once. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${schemaLock})`.execute(transaction);
    await sql`create schema if not exists ${sql.id(databaseSchema)}`.execute(transaction);
  });
  const migrator = new Migrator({
    db: database,
    migrationTableSchema: databaseSchema,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new CertificateAuthorityError(
      'DATABASE_UNUSABLE',
      `schema ${databaseSchema} could not be brought up to date; the cause says why`,
      {
        cause: error,
      },
    );
  }
}

/** Why the database is of no use now; a connection that swallows the question is told within `withinMs`. */
export async function problemOf(database: Database, clock: Clock, withinMs = 5000): Promise<string | undefined> {
  const answer = sql`select 1`.execute(database).then(
    () => undefined,
    (error: unknown) => `it does not answer: ${error instanceof Error ? error.message : String(error)}`,
  );
  const answered = new AbortController();
  const nothing = sleep(clock, withinMs, answered.signal).then(() => `it does not answer: nothing came within ${withinMs / 1000} s`);
  try {
    return await Promise.race([answer, nothing]);
  } finally {
    answered.abort();
  }
}
