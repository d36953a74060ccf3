import type { IncomingMessage } from 'node:http';
import type { AccessTokens } from '../access/admin-token.ts';
import type { Sessions } from '../access/sessions.ts';
import { isAway } from '../availability.ts';
import { signedOut, unauthenticated, type ApiProblem } from '../errors.ts';
import { bearerToken } from './request.ts';
import type { SessionCookie } from './session-cookie.ts';
import { checkSameOrigin, type Site } from './site.ts';

/** Who sent a request. */
export interface Caller {
  actor: string;
  /** By a session of the console, and not by a token. */
  isConsole: boolean;
  /** Asked again and again while a stream goes on: a token may be replaced and a session end meanwhile. */
  mayKnow(): Promise<boolean>;
  /** What he is told when he may no more. */
  refusal(): ApiProblem;
}

export type Callers = (request: IncomingMessage) => Promise<Caller>;

const isBearer = (request: IncomingMessage): boolean => /^Bearer\b/i.test(request.headers.authorization ?? '');

/** A token in the header counts before a cookie, which a browser adds by itself. */
export function createCallers({ tokens, sessions, cookie, site }: { tokens: AccessTokens; sessions: Sessions; cookie: SessionCookie; site: Site }): Callers {
  const still = (ask: () => Promise<string | undefined>, actor: string) => async (): Promise<boolean> => {
    try {
      return (await ask()) === actor;
    } catch (error) {
      // While the database is away nobody can have changed it.
      if (isAway(error)) return true;
      throw error;
    }
  };

  const byToken = async (request: IncomingMessage): Promise<Caller> => {
    const token = bearerToken(request);
    const actor = token === undefined ? undefined : await tokens.actorOf(token);
    if (token === undefined || actor === undefined) throw unauthenticated();
    return { actor, isConsole: false, mayKnow: still(() => tokens.actorOf(token), actor), refusal: unauthenticated };
  };

  const bySession = async (request: IncomingMessage, id: string): Promise<Caller> => {
    checkSameOrigin(request, site);
    const session = await sessions.find(id, { use: true });
    if (!session) throw signedOut();
    // A stream by itself is no use: a page that was left open does not keep its session for ever.
    return { actor: session.actor, isConsole: true, mayKnow: still(async () => (await sessions.find(id))?.actor, session.actor), refusal: signedOut };
  };

  return async (request) => {
    if (isBearer(request)) return byToken(request);
    const id = cookie.read(request.headers.cookie);
    return id === undefined ? byToken(request) : bySession(request, id);
  };
}
