import { pino, type Logger } from 'pino';
import { databaseSchema, openDatabase, openPool } from '../database/database.ts';
import { createAccessTokens } from './admin-token.ts';

/** Makes a new administrator's token in the database of a control plane; the one before is worth nothing then. */
export async function issueAdminToken(databaseUrl: string, logger: Logger = pino({ level: 'silent' })): Promise<string> {
  const db = openDatabase(openPool({ connectionString: databaseUrl, schema: databaseSchema, applicationName: 'guildhall-admin-token', max: 1, logger }));
  try {
    return await createAccessTokens(db).issueAdminToken();
  } finally {
    await db.destroy();
  }
}
