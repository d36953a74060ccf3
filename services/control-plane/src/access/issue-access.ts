import { pino, type Logger } from 'pino';
import { databaseSchema, openDatabase, openPool, type Database } from '../database/database.ts';
import { createAccessTokens } from './admin-token.ts';
import { createSessions } from './sessions.ts';

async function inDatabase<T>(databaseUrl: string, logger: Logger, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(openPool({ connectionString: databaseUrl, schema: databaseSchema, applicationName: 'guildhall-access', max: 1, logger }));
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const silent = pino({ level: 'silent' });

/** Makes a new administrator's token in the database of a control plane; the one before is worth nothing then. */
export const issueAdminToken = (databaseUrl: string, logger: Logger = silent): Promise<string> =>
  inDatabase(databaseUrl, logger, (db) => createAccessTokens(db).issueAdminToken());

/** Makes a code for one sign-in as the administrator, in the database of a control plane. */
export const issueSignInCode = (databaseUrl: string, logger: Logger = silent): Promise<string> => inDatabase(databaseUrl, logger, (db) => createSessions(db).issueSignInCode());
