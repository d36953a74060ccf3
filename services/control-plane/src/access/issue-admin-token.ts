import { openDatabase, openPool } from '../database/database.ts';
import { createAccessTokens } from './admin-token.ts';

/** Makes a new administrator's token in the database of a control plane; the one before is worth nothing then. */
export async function issueAdminToken(databaseUrl: string): Promise<string> {
  const db = openDatabase(openPool(databaseUrl, 1));
  try {
    return await createAccessTokens(db).issueAdminToken();
  } finally {
    await db.destroy();
  }
}
