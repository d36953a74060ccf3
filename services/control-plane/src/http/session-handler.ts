import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { SignInFailures } from '../access/sign-in-failures.ts';
import type { Credential, Sessions } from '../access/sessions.ts';
import { signedOut } from '../errors.ts';
import { readBody, RequestRefused, securityHeaders, sendJson } from './request.ts';
import type { SessionCookie } from './session-cookie.ts';
import { checkSameOrigin, requireJson, type Site } from './site.ts';

const maxBodyBytes = 4096;

const secret = z.string().min(1).max(200);
const credentialInput = z.union([z.strictObject({ token: secret }), z.strictObject({ code: secret })]);

const malformed = (): RequestRefused => new RequestRefused(400, 'INVALID_INPUT', 'the body is not a sign-in', 'send {"token": "…"} or {"code": "…"} as JSON');

function parseCredential(body: string): Credential {
  try {
    return credentialInput.parse(JSON.parse(body));
  } catch {
    // What the parsers say may hold the secret.
    throw malformed();
  }
}

export interface SessionHandlerOptions {
  sessions: Sessions;
  cookie: SessionCookie;
  failures: SignInFailures;
  site: Site;
  logger: Logger;
}

/** /session: POST signs in, GET tells who is signed in, DELETE signs out. */
export function createSessionHandler({ sessions, cookie, failures, site, logger }: SessionHandlerOptions) {
  const answerEmpty = (response: ServerResponse, setCookie: string): void => void response.writeHead(204, { 'set-cookie': setCookie, ...securityHeaders }).end();

  /** Said once for a flood. */
  let isFlood = false;
  const refuse = (): RequestRefused => {
    const tooMany = failures.count();
    if (tooMany && !isFlood) logger.warn('many sign-ins fail');
    isFlood = tooMany;
    if (!tooMany) {
      return new RequestRefused(401, 'UNAUTHENTICATED', 'this token or code is worth nothing: it is wrong, was used, or is too old', 'make a new sign-in link: on one machine with "npm run sign-in", on Kubernetes with the program sign-in of the control plane');
    }
    return new RequestRefused(429, 'TOO_MANY_ATTEMPTS', 'too many sign-ins have failed', 'wait a minute; a token or code that is right is accepted at any time');
  };

  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requireJson(request, 'sign-ins');
    const credential = parseCredential(await readBody(request, maxBodyBytes));
    const id = await sessions.signIn(credential, cookie.read(request.headers.cookie));
    if (id === undefined) throw refuse();
    answerEmpty(response, cookie.set(id));
  };

  const tell = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = cookie.read(request.headers.cookie);
    const session = id === undefined ? undefined : await sessions.find(id);
    if (!session) throw signedOut();
    sendJson(response, 200, { actor: session.actor, expiresAt: session.expiresAt.toISOString() });
  };

  const signOut = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = cookie.read(request.headers.cookie);
    if (id !== undefined) await sessions.end(id);
    answerEmpty(response, cookie.clear());
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return tell(request, response);
    checkSameOrigin(request, site);
    if (request.method === 'POST') return signIn(request, response);
    if (request.method === 'DELETE') return signOut(request, response);
    response.setHeader('allow', 'GET, POST, DELETE');
    throw new RequestRefused(405, 'INVALID_INPUT', 'a session is begun by POST, told by GET and ended by DELETE', 'send one of these');
  };
}
