import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { digestOf, maxSecretLength, newSecret } from './secret.ts';

export interface AccessTokens {
  /** Who the token belongs to. */
  actorOf(token: string): Promise<string | undefined>;
  /** Makes the administrator's token; a token that was there before, and every session begun under it, is worth nothing any more. */
  issueAdminToken(): Promise<string>;
  hasAdminToken(): Promise<boolean>;
}

export function createAccessTokens(db: Database): AccessTokens {
  return {
    actorOf: async (token) => {
      if (token.length > maxSecretLength) return undefined;
      const row = await db.selectFrom('access_tokens').select('actor').where('digest', '=', digestOf(token)).executeTakeFirst();
      return row?.actor;
    },
    issueAdminToken: async () => {
      const token = `gha_${newSecret()}`;
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('access_tokens').where('actor', '=', 'admin').execute();
        await tx.insertInto('access_tokens').values({ digest: digestOf(token), actor: 'admin' }).execute();
      });
      return token;
    },
    hasAdminToken: async () => {
      const row = await db.selectFrom('access_tokens').select(sql<number>`1`.as('found')).where('actor', '=', 'admin').executeTakeFirst();
      return row !== undefined;
    },
  };
}
