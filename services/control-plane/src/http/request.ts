import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../errors.ts';

export const maxBodyBytes = 2 * 1024 * 1024;

/** A request that is refused before GraphQL has begun. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly nextAction: string;
  constructor(status: number, code: ErrorCode, message: string, nextAction: string) {
    super(message);
    this.name = 'RequestRefused';
    this.status = status;
    this.code = code;
    this.nextAction = nextAction;
  }
}

const tooLarge = (limit: number): RequestRefused => new RequestRefused(413, 'INVALID_INPUT', `the request is larger than ${limit} bytes`, 'send less at once');

/**
 * The whole body as text; refuses early what is too large. The rest of a refused body is not read, so the connection ends
 * with the answer. Not by `for await`, which would destroy the connection before the answer is sent.
 */
export function readBody(request: IncomingMessage, limit = maxBodyBytes): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      reject(tooLarge(limit));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      reject(tooLarge(limit));
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new RequestRefused(400, 'INVALID_INPUT', 'the request ended in the middle of its body', 'send the request again')));
  });
}

export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...securityHeaders }).end(JSON.stringify(body));
}

export function sendProblem(response: ServerResponse, status: number, code: ErrorCode, message: string, nextAction: string): void {
  // Nobody reads the rest of the request.
  if (!response.req.complete) response.setHeader('connection', 'close');
  sendJson(response, status, { errors: [{ message, extensions: { code, nextAction } }] });
}

/** RFC 6750; the name of the scheme is case-insensitive (RFC 9110, 11.1). */
export const bearerToken = (request: IncomingMessage): string | undefined => /^Bearer +([A-Za-z0-9._~+/-]{1,200}=*)$/i.exec(request.headers.authorization ?? '')?.[1];
