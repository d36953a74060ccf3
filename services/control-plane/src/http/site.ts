import type { IncomingMessage } from 'node:http';
import { RequestRefused } from './request.ts';

/** Under which addresses the server is known. */
export interface Site {
  /** Where it is reached by people, such as through a proxy that speaks TLS; undefined: where it listens. */
  publicUrl?: URL | undefined;
  /** Set while only this machine can reach the server: the host that was asked for, and the URL that came of it. */
  local?: { host: string; url: string } | undefined;
}

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whoever reaches a server that listens on this machine only calls it by a name of this machine, or of the proxy before it. Another name is that
 * of a page that has made it lead here (DNS rebinding), to read what needs no token with a browser's help.
 */
export function checkHost(request: IncomingMessage, { local, publicUrl }: Site): void {
  if (!local) return;
  // Absent only in HTTP/1.0, which no browser speaks.
  const name = request.headers.host?.replace(/:\d+$/, '');
  if (name === undefined || loopbackName.test(name) || name === local.host || name === publicUrl?.hostname) return;
  throw new RequestRefused(421, 'INVALID_INPUT', `this server serves its own machine and does not go by the name in the header "host"`, `ask it at ${publicUrl?.origin ?? local.url}`);
}

const refused = (message: string, nextAction: string): RequestRefused => new RequestRefused(403, 'FORBIDDEN', message, nextAction);

/**
 * A browser sends the cookie with whatever page makes it: only what says that it comes from the console's own pages acts with the cookie's rights.
 * SameSite=Strict does not suffice: pages of other ports of the same host are of the same site.
 */
export function checkSameOrigin(request: IncomingMessage, { publicUrl }: Site): void {
  const own = publicUrl?.origin ?? `http://${request.headers.host ?? ''}`.toLowerCase();
  const { origin } = request.headers;
  const from = request.headers['sec-fetch-site'];
  if (from !== undefined && from !== 'same-origin' && from !== 'none') throw refused('the request comes from a page of another origin', `open the console at ${own}`);
  if (origin !== undefined && origin.toLowerCase() !== own) throw refused(`the request comes from a page of another origin than ${own}`, `open the console at ${own}`);
}

/** A cross-origin page cannot send JSON without asking first (CORS), and is never allowed to. */
export function requireJson(request: IncomingMessage, what: string): void {
  if (/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '')) return;
  throw new RequestRefused(415, 'INVALID_INPUT', `${what} are JSON`, 'send the header "content-type: application/json"');
}
