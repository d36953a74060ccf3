import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Logger } from 'pino';
import { databaseSchema, openDatabase, openPool, postgresCode, type Database } from './database.ts';
import { migrations } from './migrations.ts';

/** A newer Guildhall has been at work here. */
export class DatabaseTooNewError extends Error {
  override name = 'DatabaseTooNewError';
}

/** "if not exists" is checked before, and two may create at once: the second finds a unique violation instead. */
async function createSchema(db: Database): Promise<void> {
  try {
    await sql`create schema if not exists ${sql.id(databaseSchema)}`.execute(db);
  } catch (error) {
    if (postgresCode(error) !== '23505' && postgresCode(error) !== '42P06') throw error;
  }
}

/** Migrations that the database has had and this program does not know. */
async function unknownMigrations(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.id(databaseSchema, 'kysely_migration')} order by name`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !(name in migrations));
}

async function bringUp(db: Database): Promise<void> {
  await createSchema(db);
  const migrator = new Migrator({
    db,
    migrationTableSchema: databaseSchema,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = await unknownMigrations(db).catch(() => []); // what failed first is what is to be told
  if (unknown.length > 0) {
    throw new DatabaseTooNewError(
      `The database was brought up to ${unknown.at(-1)} by a newer Guildhall, and this one knows it up to ${Object.keys(migrations).at(-1)} only: run that version or a newer one, or restore the backup of the database that was made before the upgrade`,
      { cause: error },
    );
  }
  if (error instanceof Error) throw error;
  throw new Error('the control plane could not bring its database up to date', { cause: error });
}

/**
 * Brings the schema to the newest migration. Several processes may do so at once: all of it is one transaction under one advisory lock, for which the
 * others wait, and find nothing left to do.
 * @throws DatabaseTooNewError when this program is older than the schema
 */
export async function migrate(connectionString: string, logger: Logger): Promise<void> {
  const db = openDatabase(openPool({ connectionString, schema: databaseSchema, applicationName: 'guildhall-migrations', max: 1, logger, unhurried: true }));
  try {
    await bringUp(db);
  } finally {
    await db.destroy();
  }
}
