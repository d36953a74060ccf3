import type { IncomingMessage, ServerResponse } from 'node:http';

export const maxBodyBytes = 2 * 1024 * 1024;

export class BodyTooLargeError extends Error {}

/** The whole body as text; refuses early what is too large. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new BodyTooLargeError(`the request is larger than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...securityHeaders }).end(JSON.stringify(body));
}

export const sendProblem = (response: ServerResponse, status: number, code: string, message: string, nextAction: string): void =>
  sendJson(response, status, { errors: [{ message, extensions: { code, nextAction } }] });

export const bearerToken = (request: IncomingMessage): string | undefined => {
  const match = /^Bearer ([A-Za-z0-9_-]{1,200})$/.exec(request.headers.authorization ?? '');
  return match?.[1];
};
