import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ContractCatalogue } from '../contracts/catalogue.ts';
import { findArtifact } from '../contracts/find-artifact.ts';
import type { Database } from '../database/database.ts';
import { unavailable, type ErrorCode } from '../errors.ts';
import { logProblem, problemOf } from '../problem-of.ts';
import type { GraphQLHandler } from './graphql-handler.ts';
import type { createConsoleHandler } from './console-handler.ts';
import { RequestRefused, sendJson, sendProblem } from './request.ts';
import type { createSessionHandler } from './session-handler.ts';
import { checkHost, type Site } from './site.ts';

export interface HttpServer {
  /** @returns the URL that it listens on */
  listen(host: string, port: number): Promise<string>;
  /** Takes no more connections, and ends when those that there are rest, or after so long. */
  close(withinMs: number): Promise<void>;
}

/** What stands behind the routes once the control plane has its database; before, only health is answered. */
export interface Backend {
  db: Database;
  catalogue: ContractCatalogue;
  graphql: GraphQLHandler;
  session: ReturnType<typeof createSessionHandler>;
}

const artifactPath = /^\/artifacts\/sha256\/([0-9a-f]{64})$/;

/** Whoever knows the digest knows what the bytes must be; the runner checks them against it. */
async function sendArtifact({ db, catalogue }: Backend, hex: string, response: ServerResponse): Promise<void> {
  const bytes = await findArtifact(db, catalogue, `sha256:${hex}`);
  if (!bytes) throw new RequestRefused(404, 'NOT_FOUND', 'there is no such artifact', 'check the digest');
  const headers = { 'content-type': 'application/javascript', 'cache-control': 'public, immutable, max-age=31536000', 'x-content-type-options': 'nosniff' };
  response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
}

const loopbackAddress = /^(127\.|::1$|::ffff:127\.)/;
const statusOf: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, INTERNAL: 500, UNAVAILABLE: 503 };

/** Proxies before us keep a connection that rests for a minute; who closes it first must not be the one that is asked, for a request may be on its way then. */
const keepAliveMs = 75_000;
/** How often connections that rest are ended while the server stops. */
const closeIdleMs = 50;

export function createHttpServer(dependencies: {
  backend: () => Backend | undefined;
  /** What is not in order, a sentence for each. */
  failing: () => Promise<Record<string, string>>;
  /** Answers with files and pages what no other route answers. */
  console: ReturnType<typeof createConsoleHandler>;
  /** The server says in it where it listens. */
  site: Site;
  logger: Logger;
}): HttpServer {
  const { backend, failing, console, site, logger } = dependencies;

  const sendReadiness = async (response: ServerResponse): Promise<void> => {
    const problems = await failing();
    const isReady = Object.keys(problems).length === 0;
    sendJson(response, isReady ? 200 : 503, { status: isReady ? 'OK' : 'not ready', failing: problems });
  };

  const started = (): Backend => {
    const found = backend();
    if (!found) throw unavailable('Guildhall is starting');
    return found;
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkHost(request, site);
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/graphql') return started().graphql.handle(request, response);
    if (path === '/session') return started().session(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new RequestRefused(405, 'INVALID_INPUT', 'only GET is answered here', 'send GraphQL requests to /graphql');
    if (path === '/healthz') return sendJson(response, 200, { status: 'OK' });
    if (path === '/readyz') return sendReadiness(response);
    const artifact = artifactPath.exec(path)?.[1];
    if (artifact !== undefined) return sendArtifact(started(), artifact, response);
    if (console(request, response, path)) return undefined;
    throw new RequestRefused(404, 'NOT_FOUND', 'there is nothing here', 'the API is at /graphql');
  };

  const fail = (response: ServerResponse, error: unknown): void => {
    if (error instanceof RequestRefused) return sendProblem(response, error.status, error.code, error.message, error.nextAction);
    const problem = problemOf(error);
    logProblem(logger, problem);
    // A stream that has begun can only be broken off; its reader connects again.
    if (response.headersSent) return void response.destroy();
    const [{ code, message, nextAction }] = problem.problems;
    return sendProblem(response, statusOf[code] ?? 400, code, message, nextAction);
  };

  // How often those that send too slowly are looked for.
  const server = createServer({ connectionsCheckingInterval: 5000, keepAliveTimeout: keepAliveMs }, (request, response) => {
    route(request, response).catch((error: unknown) => fail(response, error));
  });
  // Whoever sends slowly is cut off; answers, which may be streams, take as long as they take.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxRequestsPerSocket = 10_000;

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.removeListener('error', reject);
          server.on('error', (error) => logger.error({ err: error }, 'the server failed'));
          const { address, family, port: listened } = server.address() as AddressInfo;
          const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${listened}`;
          site.local = loopbackAddress.test(address) ? { host, url } : undefined;
          resolve(url);
        });
      }),
    close: async (withinMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = new AbortController();
      // A connection that is kept alive rests after its answer, and would take the next request.
      const resting = setInterval(() => server.closeIdleConnections(), closeIdleMs);
      await Promise.race([closed, delay(withinMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      clearInterval(resting);
      late.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}
