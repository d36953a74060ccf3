import { sql } from 'kysely';
import { recordAudit } from '../audit/audit-repository.ts';
import { transact, type Connection, type Database } from '../database/database.ts';
import { digestOf, maxSecretLength, newSecret } from './secret.ts';

export type Credential = { token: string } | { code: string };

export interface Session {
  actor: string;
  expiresAt: Date;
}

export interface Sessions {
  /**
   * Begins a session, always under a new id, and ends the one of `before`.
   * @returns its id; undefined when the credential is worth nothing
   */
  signIn(credential: Credential, before?: string): Promise<string | undefined>;
  /** The session, if it has not ended; what uses it says so, so that it does not end meanwhile. */
  find(id: string, options?: { use: boolean }): Promise<Session | undefined>;
  end(id: string): Promise<void>;
  /** Makes a code for one sign-in as the administrator. */
  issueSignInCode(): Promise<string>;
}

/** Without use it ends after `idle`, with use after `longest`; `renewal` keeps a busy one from writing with every request. */
const idle = sql`interval '12 hours'`;
const longest = sql`interval '7 days'`;
const renewal = sql`interval '1 minute'`;
export const longestSessionSeconds = 7 * 24 * 3600;

const codeLife = sql`interval '10 minutes'`;
export const codeLifeMinutes = 10;

/** More than a person has browsers and links open. */
const maxSessions = 50;
const maxCodes = 10;

interface Token {
  digest: string;
  actor: string;
}

/** Taken first, as a new token takes it: so nothing hangs on it that came in between, and what is too much is counted by one at a time. */
const lockToken = (tx: Connection, digest: string): Promise<Token | undefined> =>
  tx.selectFrom('access_tokens').select(['digest', 'actor']).where('digest', '=', digest).forNoKeyUpdate().executeTakeFirst();

/** The token that a credential stands for. A code is gone with its use, were it used twice at once. */
async function tokenOf(tx: Connection, credential: Credential): Promise<Token | undefined> {
  if ('token' in credential) return lockToken(tx, digestOf(credential.token));
  const digest = digestOf(credential.code);
  const known = await tx.selectFrom('sign_in_codes').select('token_digest').where('digest', '=', digest).executeTakeFirst();
  const token = known && (await lockToken(tx, known.token_digest));
  const used = await tx.deleteFrom('sign_in_codes').where('digest', '=', digest).where('expires_at', '>', sql<Date>`now()`).returning('digest').executeTakeFirst();
  return used && token;
}

/** Removes what has ended, and of what is too many the least recently used. */
const sweep = (tx: Connection, table: 'sessions' | 'sign_in_codes', tokenDigest: string, kept: number): Promise<unknown> =>
  sql`delete from ${sql.table(table)} where expires_at <= now() or digest in
    (select digest from ${sql.table(table)} where token_digest = ${tokenDigest} order by expires_at desc offset ${kept})`.execute(tx);

/** Sessions and sign-in codes hang on the token that they were begun under: a new token ends them, because the old one's row goes. */
export function createSessions(db: Database): Sessions {
  const found = (id: string) =>
    db
      .selectFrom('sessions')
      .innerJoin('access_tokens', 'access_tokens.digest', 'sessions.token_digest')
      .select(['access_tokens.actor', 'sessions.expires_at as expiresAt', sql<boolean>`least(now() + ${idle}, ends_at) - expires_at > ${renewal}`.as('isDue')])
      .where('sessions.digest', '=', digestOf(id))
      .where('sessions.expires_at', '>', sql<Date>`now()`)
      .executeTakeFirst();

  const renew = (id: string) =>
    db
      .updateTable('sessions')
      .set({ expires_at: sql`least(now() + ${idle}, ends_at)` })
      .where('digest', '=', digestOf(id))
      .where('expires_at', '>', sql<Date>`now()`)
      .returning('expires_at as expiresAt')
      .executeTakeFirst();

  return {
    signIn: async (credential, before) => {
      const [secret = ''] = Object.values(credential);
      if (secret.length > maxSecretLength) return undefined;
      return transact(db, async (tx) => {
        const token = await tokenOf(tx, credential);
        if (!token) return undefined;
        const id = newSecret();
        await tx
          .insertInto('sessions')
          .values({ digest: digestOf(id), token_digest: token.digest, expires_at: sql`now() + ${idle}`, ends_at: sql`now() + ${longest}` })
          .execute();
        if (before !== undefined) await tx.deleteFrom('sessions').where('digest', '=', digestOf(before)).execute();
        await sweep(tx, 'sessions', token.digest, maxSessions);
        await recordAudit(tx, [{ actor: token.actor, action: 'signIn', target: 'console', details: { by: 'token' in credential ? 'token' : 'code' } }]);
        return id;
      });
    },
    find: async (id, { use } = { use: false }) => {
      if (id.length > maxSecretLength) return undefined;
      const session = await found(id);
      if (!session) return undefined;
      const { actor, expiresAt, isDue } = session;
      return { actor, expiresAt: (use && isDue ? await renew(id) : undefined)?.expiresAt ?? expiresAt };
    },
    end: (id) =>
      transact(db, async (tx) => {
        const ended = await tx
          .deleteFrom('sessions')
          .using('access_tokens')
          .whereRef('access_tokens.digest', '=', 'sessions.token_digest')
          .where('sessions.digest', '=', digestOf(id))
          .returning('access_tokens.actor')
          .executeTakeFirst();
        if (ended) await recordAudit(tx, [{ actor: ended.actor, action: 'signOut', target: 'console', details: {} }]);
      }),
    issueSignInCode: () =>
      transact(db, async (tx) => {
        const token = await tx.selectFrom('access_tokens').select('digest').where('actor', '=', 'admin').orderBy('created_at', 'desc').limit(1).forNoKeyUpdate().executeTakeFirst();
        if (!token) throw new Error('there is no administrator yet, in whose name to sign in: start Guildhall once');
        const code = newSecret();
        await tx.insertInto('sign_in_codes').values({ digest: digestOf(code), token_digest: token.digest, expires_at: sql`now() + ${codeLife}` }).execute();
        await sweep(tx, 'sign_in_codes', token.digest, maxCodes);
        return code;
      }),
  };
}
