import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { artifactBytes } from '../contracts/artifact-repository.ts';
import type { Database } from '../database/database.ts';
import type { GraphQLHandler } from './graphql-handler.ts';
import { sendJson, sendProblem } from './request.ts';

export interface HttpServer {
  /** @returns the URL that it listens on */
  listen(host: string, port: number): Promise<string>;
  close(): Promise<void>;
}

const artifactPath = /^\/artifacts\/sha256\/([0-9a-f]{64})$/;

async function sendArtifact(db: Database, hex: string, response: ServerResponse): Promise<void> {
  const bytes = await artifactBytes(db, `sha256:${hex}`);
  if (!bytes) return sendProblem(response, 404, 'NOT_FOUND', 'there is no such artifact', 'check the digest');
  // Whoever knows the digest knows what the bytes must be; the runner checks them against it.
  response.writeHead(200, { 'content-type': 'application/javascript', 'content-length': bytes.length, 'cache-control': 'public, immutable, max-age=31536000', 'x-content-type-options': 'nosniff' }).end(bytes);
  return undefined;
}

export function createHttpServer(dependencies: { db: Database; graphql: GraphQLHandler; isReady: () => Promise<Record<string, string>> }): HttpServer {
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/graphql') return dependencies.graphql.handle(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(response, 405, 'INVALID_INPUT', 'only GET is answered here', 'send GraphQL requests to /graphql');
    const artifact = artifactPath.exec(path)?.[1];
    if (artifact !== undefined) return sendArtifact(dependencies.db, artifact, response);
    if (path === '/healthz') return sendJson(response, 200, { status: 'OK' });
    if (path === '/readyz') {
      const failing = await dependencies.isReady();
      return sendJson(response, Object.keys(failing).length === 0 ? 200 : 503, { status: Object.keys(failing).length === 0 ? 'OK' : 'not ready', failing });
    }
    return sendProblem(response, 404, 'NOT_FOUND', `there is nothing at ${path}`, 'the API is at /graphql');
  };

  const server: Server = createServer((request, response) => {
    route(request, response).catch(() => {
      if (!response.headersSent) sendProblem(response, 503, 'UNAVAILABLE', 'a part of Guildhall does not answer', 'try again in a few seconds');
      else response.destroy();
    });
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.removeListener('error', reject);
          const address = server.address() as AddressInfo;
          resolve(`http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Streams of subscriptions have no end of their own.
        server.closeAllConnections();
      }),
  };
}
