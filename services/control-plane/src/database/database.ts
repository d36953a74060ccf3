import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DatabaseError, Pool } from 'pg';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
export type Connection = Database | Transaction<Tables>;

export const databaseSchema = 'control_plane';

/** Limits are set per connection, so that no statement and no forgotten transaction holds up the others for long. */
export function openPool(connectionString: string, max = 10): Pool {
  const pool = new Pool({
    connectionString,
    max,
    application_name: 'guildhall-control-plane',
    options: `-c search_path=${databaseSchema} -c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000`,
    connectionTimeoutMillis: 5000,
  });
  return pool;
}

export const openDatabase = (pool: Pool): Database => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

/** Brings the schema to the newest migration; several processes may do so at once. */
export async function migrate(db: Database): Promise<void> {
  await sql`create schema if not exists ${sql.id(databaseSchema)}`.execute(db);
  const migrator = new Migrator({
    db,
    migrationTableSchema: databaseSchema,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('the control plane could not bring its database up to date', { cause: error });
}

/** PostgreSQL's code of an error, such as 23505 for a unique violation; undefined for other errors. */
export const postgresCode = (error: unknown): string | undefined =>
  error instanceof DatabaseError ? error.code : undefined;

/** The constraint or index that an error names. */
export const violatedConstraint = (error: unknown): string | undefined =>
  error instanceof DatabaseError && error.code === '23505' ? error.constraint : undefined;
