import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Connect, Plugin } from 'vite';

const documents = fileURLToPath(new URL('../src/graphql/generated/persisted-documents.json', import.meta.url));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The document of the digest as it is now, which a Guildhall that runs from an older build does not know. */
function freeRequest(body: string): string {
  const { documentId, ...rest } = JSON.parse(body) as { documentId: string };
  const known = JSON.parse(readFileSync(documents, 'utf8')) as Record<string, string>;
  return JSON.stringify({ ...rest, query: known[documentId] });
}

async function forward(request: IncomingMessage, response: ServerResponse, { url, home }: { url: string; home: string }): Promise<void> {
  const over = new AbortController();
  response.once('close', () => over.abort());
  const body = await bodyOf(request);
  // Who brings a token of his own asks with that, as at a Guildhall.
  const own = request.headers.authorization;
  const authorization = own ?? `Bearer ${readFileSync(join(home, 'admin-token'), 'utf8').trim()}`;
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json', authorization },
    body: own === undefined ? freeRequest(body) : body,
    signal: over.signal,
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
  if (answer.body) Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).on('error', () => response.destroy()).pipe(response);
  else response.end();
}

const handler =
  (target: { url: string; home: string }): Connect.NextHandleFunction =>
  (request, response, next) => {
    if (request.url === '/session') {
      if (request.method === 'GET') response.setHeader('content-type', 'application/json').end(JSON.stringify({ actor: 'admin', expiresAt: new Date(Date.now() + 3_600_000) }));
      else response.writeHead(204).end();
      return;
    }
    if (request.url !== '/graphql') return next();
    forward(request, response, target).catch(() => {
      if (!response.headersSent) response.writeHead(503, { 'content-type': 'text/plain' });
      response.end();
    });
  };

/**
 * For `npm run dev` and `npm run preview` alone: answers as a Guildhall would to who is signed in, with the token of the Guildhall
 * that runs at GUILDHALL_URL with the home GUILDHALL_HOME.
 */
export function developmentApi(): Plugin {
  const target = {
    url: process.env['GUILDHALL_URL'] ?? 'http://127.0.0.1:4000',
    home: process.env['GUILDHALL_HOME'] ?? fileURLToPath(new URL('../../.guildhall', import.meta.url)),
  };
  return {
    name: 'guildhall-development-api',
    configureServer: (server) => void server.middlewares.use(handler(target)),
    configurePreviewServer: (server) => void server.middlewares.use(handler(target)),
  };
}
