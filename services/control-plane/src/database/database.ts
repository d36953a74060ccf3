import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { DatabaseError, Pool } from 'pg';
import type { Logger } from 'pino';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
export type Connection = Database | Transaction<Tables>;

export const databaseSchema = 'control_plane';

export interface PoolOptions {
  connectionString: string;
  schema: string;
  applicationName: string;
  max: number;
  logger: Logger;
  /** A statement takes as long as it takes: what migrates cannot be done in parts. */
  unhurried?: boolean;
}

/**
 * Limits are set per connection, so that no statement and no forgotten transaction holds up the others for long. Every
 * connection has a listener of its own for errors: the pool listens to those that rest only, and the end of one that is in
 * use between two statements would end the process.
 */
export function openPool({ connectionString, schema, applicationName, max, logger, unhurried = false }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString,
    max,
    // Kept while nobody asks: a new connection costs both sides a hundred times what a question does.
    min: Math.min(max, 3),
    application_name: applicationName,
    options: `-c search_path=${schema} -c statement_timeout=${unhurried ? 0 : 15_000} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000`,
    connectionTimeoutMillis: 5000,
    // The server's own limit does not help against a server that is gone without a word.
    ...(unhurried ? {} : { query_timeout: 20_000 }),
    keepAlive: true,
  });
  const ended = (error: Error): void => logger.debug({ err: error }, 'a connection to the database ended');
  pool.on('error', ended);
  pool.on('connect', (client) => void client.on('error', ended));
  return pool;
}

export const openDatabase = (pool: Pool): Database => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

/** PostgreSQL's code of an error, such as 23505 for a unique violation; undefined for other errors. */
export const postgresCode = (error: unknown): string | undefined => (error instanceof DatabaseError ? error.code : undefined);

/** The constraint or index that an error names. */
export const violatedConstraint = (error: unknown): string | undefined =>
  error instanceof DatabaseError && error.code === '23505' ? error.constraint : undefined;

/** serialization_failure and deadlock_detected: PostgreSQL chose this transaction to give way; nothing of it was done. */
const gaveWay = new Set(['40001', '40P01']);
const attempts = 5;

/** Runs the work in a transaction, as a whole again when it had to give way to another; so the work does nothing but write. */
export async function transact<T>(db: Database, work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === attempts || !gaveWay.has(postgresCode(error) ?? '')) throw error;
    }
  }
}
