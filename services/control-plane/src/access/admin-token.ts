import { sql } from 'kysely';
import type { Connection, Database } from '../database/database.ts';
import { digestOf, maxSecretLength, newSecret } from './secret.ts';

export interface AccessTokens {
  /** Who the token belongs to. */
  actorOf(token: string): Promise<string | undefined>;
  /** Makes the administrator's token; a token that was there before, and every session begun under it, is worth nothing any more. */
  issueAdminToken(): Promise<string>;
  hasAdminToken(): Promise<boolean>;
  /** Sees to it that there is an administrator: if need be one whose token nobody knows, who signs in by links alone. */
  ensureAdministrator(): Promise<void>;
}

/** One makes an administrator's token at a time, so that there is one. Sessions and their use go on meanwhile. */
const lockTokens = (tx: Connection): Promise<unknown> => sql`lock table access_tokens in share row exclusive mode`.execute(tx);

export function createAccessTokens(db: Database): AccessTokens {
  const hasAdmin = async (connection: Connection): Promise<boolean> => {
    const row = await connection.selectFrom('access_tokens').select(sql<number>`1`.as('found')).where('actor', '=', 'admin').executeTakeFirst();
    return row !== undefined;
  };
  return {
    actorOf: async (token) => {
      if (token.length > maxSecretLength) return undefined;
      const row = await db.selectFrom('access_tokens').select('actor').where('digest', '=', digestOf(token)).executeTakeFirst();
      return row?.actor;
    },
    issueAdminToken: async () => {
      const token = `gha_${newSecret()}`;
      await db.transaction().execute(async (tx) => {
        await lockTokens(tx);
        await tx.deleteFrom('access_tokens').where('actor', '=', 'admin').execute();
        await tx.insertInto('access_tokens').values({ digest: digestOf(token), actor: 'admin' }).execute();
      });
      return token;
    },
    hasAdminToken: () => hasAdmin(db),
    ensureAdministrator: () =>
      db.transaction().execute(async (tx) => {
        await lockTokens(tx);
        if (!(await hasAdmin(tx))) await tx.insertInto('access_tokens').values({ digest: digestOf(newSecret()), actor: 'admin' }).execute();
      }),
  };
}
