import { pino, type Logger } from 'pino';
import { isAway } from '../availability.ts';
import { databaseSchema, openDatabase, openPool, postgresCode, type Database } from '../database/database.ts';
import { createAccessTokens } from './admin-token.ts';
import { createSessions } from './sessions.ts';

/** Nobody can be let in now; the message says why and what to do. */
export class NoAccessError extends Error {
  override name = 'NoAccessError';
}

/** A schema or table that is not there. */
const isUnprepared = (error: unknown): boolean => /^(3F000|42P01)$/.test(postgresCode(error) ?? '');

function explained(error: unknown): unknown {
  if (isUnprepared(error)) return new NoAccessError('The database has no tables of the control plane yet: wait until a control plane is ready, then try again', { cause: error });
  if (isAway(error)) return new NoAccessError('The database does not answer: wait until it does, then try again', { cause: error });
  return error;
}

async function inDatabase<T>(databaseUrl: string, logger: Logger, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(openPool({ connectionString: databaseUrl, schema: databaseSchema, applicationName: 'guildhall-access', max: 1, logger }));
  try {
    return await work(db);
  } catch (error) {
    throw explained(error);
  } finally {
    await db.destroy();
  }
}

const silent = pino({ level: 'silent' });

/** Makes a new administrator's token in the database of a control plane; the one before is worth nothing then. */
export const issueAdminToken = (databaseUrl: string, logger: Logger = silent): Promise<string> =>
  inDatabase(databaseUrl, logger, (db) => createAccessTokens(db).issueAdminToken());

/** Makes a code for one sign-in as the administrator, in the database of a control plane. The first one of all makes the administrator. */
export const issueSignInCode = (databaseUrl: string, logger: Logger = silent): Promise<string> =>
  inDatabase(databaseUrl, logger, async (db) => {
    await createAccessTokens(db).ensureAdministrator();
    return createSessions(db).issueSignInCode();
  });
