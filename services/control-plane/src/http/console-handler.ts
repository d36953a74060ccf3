import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isBuilt, noncePlaceholder, type AbsentConsole, type BuiltConsole, type Console, type ConsoleFile, type ContentCoding } from '../console/console-folder.ts';
import { chooseCoding } from './content-coding.ts';

/** What a page gets besides its policy: it looks at no device, tells no other page of itself, and is in no frame. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()',
} as const;

const frameless = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Scripts are files of the console. Style elements, which its libraries make, carry the nonce of this one answer. */
const consolePolicy = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; ${frameless}`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Reloading by script keeps the fragment, which holds the code of a sign-in link; refreshing by a header may not. */
const lookAgain = 'setTimeout(() => location.reload(), 2000)';
const lookAgainDigest = createHash('sha256').update(lookAgain).digest('base64');

function sendAbsent(response: ServerResponse, { absent, isComing }: AbsentConsole): void {
  const script = isComing ? `<script>${lookAgain}</script>` : '';
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Guildhall</title><p>${escaped(absent)}</p>${script}</html>\n`;
  const policy = `default-src 'none'; ${isComing ? `script-src 'sha256-${lookAgainDigest}'; ` : ''}${frameless}`;
  response.writeHead(503, { ...pageHeaders, 'content-security-policy': policy, 'content-length': Buffer.byteLength(body), ...(isComing ? { 'retry-after': '2' } : {}) }).end(body);
}

function sendIndex(response: ServerResponse, { index }: BuiltConsole): void {
  const nonce = randomBytes(18).toString('base64');
  const body = index.replaceAll(noncePlaceholder, nonce);
  response.writeHead(200, { ...pageHeaders, 'content-security-policy': consolePolicy(nonce), 'content-length': Buffer.byteLength(body) }).end(body);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: ConsoleFile): void {
  const coding = chooseCoding(request.headers['accept-encoding']?.toString(), Object.keys(file.bodies) as ContentCoding[]);
  const body = file.bodies[coding] ?? file.bodies.identity;
  const etag = `"${file.digest.slice(0, 32)}-${coding}"`;
  const headers: OutgoingHttpHeaders = {
    etag,
    vary: 'accept-encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    // A picture that is opened by itself is a page of this origin, and a worker goes by the policy of its own file.
    'content-security-policy': `default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; ${frameless}`,
  };
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': body.length, ...(coding === 'identity' ? {} : { 'content-encoding': coding }) }).end(body);
}

const acceptsPages = (request: IncomingMessage): boolean => (request.headers.accept ?? '').includes('text/html');

/**
 * Serves the console: its files by their names, and its page for every path that a person may be at. To be asked after every other route, for GET
 * and HEAD.
 * @returns whether there was an answer
 */
export function createConsoleHandler(current: () => Console) {
  return (request: IncomingMessage, response: ServerResponse, path: string): boolean => {
    const console = current();
    const file = isBuilt(console) ? console.files.get(path) : undefined;
    if (file) {
      sendFile(request, response, file);
      return true;
    }
    // A file of another build is missing; the page in its place would not help who asks for it.
    if (!acceptsPages(request) || path.startsWith('/assets/')) return false;
    if (isBuilt(console)) sendIndex(response, console);
    else sendAbsent(response, console);
    return true;
  };
}
