import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/**
 * 256 random bits: no guessing, so a plain digest of it may be stored. Tokens are looked up by their digest, and what the
 * time of a look-up tells of a digest is of no use to find a token; so no comparison need take constant time.
 */
const newToken = (): string => `gha_${randomBytes(32).toString('base64url')}`;
const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export interface AccessTokens {
  /** Who the token belongs to. */
  actorOf(token: string): Promise<string | undefined>;
  /** Makes the administrator's token; a token that was there before is worth nothing any more. */
  issueAdminToken(): Promise<string>;
  hasAdminToken(): Promise<boolean>;
}

export function createAccessTokens(db: Database): AccessTokens {
  return {
    actorOf: async (token) => {
      if (token.length > 200) return undefined;
      const row = await db.selectFrom('access_tokens').select('actor').where('digest', '=', digestOf(token)).executeTakeFirst();
      return row?.actor;
    },
    issueAdminToken: async () => {
      const token = newToken();
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
