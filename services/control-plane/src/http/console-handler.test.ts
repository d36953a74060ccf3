import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { script, writeConsoleFolder } from '../../test/console-folder.ts';
import { readConsole, type BuiltConsole, type Console } from '../console/console-folder.ts';
import { createConsoleHandler } from './console-handler.ts';

let server: Server;
let built: BuiltConsole;
let console: Console;
before(async () => {
  const folder = await writeConsoleFolder(['query Secret { templates { id } }']);
  built = await readConsole(folder);
  await rm(folder, { recursive: true });
  const handle = createConsoleHandler(() => console);
  server = createServer((request, response) => {
    if (!handle(request, response, (request.url ?? '').split('?')[0] ?? '')) response.writeHead(404).end('nothing');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  console = built;
});
after(() => server.close());

/** By hand: fetch would resolve the dots of a path. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const sending = request({ host: '127.0.0.1', port, path, method, headers, agent: false }).end();
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}
const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('the page comes for every path that a person may be at, under a policy of its own, and is kept nowhere', async () => {
  for (const path of ['/', '/sign-in', '/consortia/trade?tab=nodes', '/index.html', '/a/b.c']) {
    const { status, headers, body } = await get(path, page);
    assert.equal(status, 200, path);
    const nonce = /content="([A-Za-z0-9+/]{24})"/.exec(body.toString())?.[1];
    assert.ok(nonce, body.toString());
    assert.equal(
      headers['content-security-policy'],
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.match(headers['permissions-policy']?.toString() ?? '', /camera=\(\)/);
    assert.equal(headers['set-cookie'], undefined);
  }
});

test('no two pages have the same nonce', async () => {
  const policies = await Promise.all(Array.from({ length: 20 }, async () => (await get('/', page)).headers['content-security-policy']));
  assert.equal(new Set(policies).size, 20);
});

test('files come in the smallest form that the client takes, to be kept for ever when their name changes with them', async () => {
  const plain = await get('/assets/main-1.js');
  assert.equal(plain.body.toString(), script);
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(plain.headers['x-content-type-options'], 'nosniff');
  assert.equal(plain.headers['vary'], 'accept-encoding');
  const br = await get('/assets/main-1.js', { 'accept-encoding': 'gzip, br' });
  assert.equal(br.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(br.body).toString(), script);
  const gzip = await get('/assets/main-1.js', { 'accept-encoding': 'gzip' });
  assert.equal(gunzipSync(gzip.body).toString(), script);
  assert.equal((await get('/assets/deep/style-1.css', { 'accept-encoding': 'br' })).headers['content-encoding'], undefined);
  assert.equal((await get('/favicon.svg')).headers['cache-control'], 'no-cache');
  assert.equal(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size, 3, 'each form has a tag of its own');
});

test('what a client has already is not sent again', async () => {
  const { headers } = await get('/assets/main-1.js');
  for (const tag of [headers.etag ?? '', `W/${headers.etag}`, `"other", ${headers.etag}`]) {
    const again = await get('/assets/main-1.js', { 'if-none-match': tag });
    assert.deepEqual([again.status, again.body.length], [304, 0], tag);
  }
  assert.equal((await get('/assets/main-1.js', { 'if-none-match': '"other"' })).status, 200);
  assert.equal((await get('/assets/main-1.js', { 'if-none-match': headers.etag ?? '', 'accept-encoding': 'br' })).status, 200, 'it has another form');
});

test('HEAD tells what GET would, without a body', async () => {
  for (const [path, headers] of [['/assets/main-1.js', { 'accept-encoding': 'br' }], ['/', page]] as const) {
    const head = await get(path, headers, 'HEAD');
    const full = await get(path, headers);
    assert.deepEqual([head.status, head.body.length, head.headers['content-length']], [200, 0, String(full.body.length)]);
  }
});

test('nothing but the console’s files is reached, however the path is written', async () => {
  const paths = [
    '/persisted-documents.json', '/assets/../persisted-documents.json', '/assets/..%2fpersisted-documents.json', '/assets/%2e%2e/persisted-documents.json', '/assets/%2e%2e%2fpersisted-documents.json',
    '//persisted-documents.json', '/./persisted-documents.json', '/assets/..\\persisted-documents.json', '/assets/../../../../../../etc/passwd', '/..%c0%afetc/passwd', '/assets/main-1.js.map', '/assets/main-1.js.br',
    '/assets/main-1.js%00.css', '/assets/', '/assets/main-2.js', '/__proto__', '/constructor',
  ];
  for (const path of paths) {
    for (const headers of [{}, page]) {
      const { status, body } = await get(path, headers);
      assert.ok(status === 404 || body.includes('csp-nonce'), `${path}: ${status} ${body.toString()}`);
      assert.doesNotMatch(body.toString(), /Secret|root:/, path);
    }
  }
  assert.equal((await get('/assets/main-2.js', page)).status, 404, 'a file of another build is missing, and no page');
  assert.equal((await get('/consortia')).status, 404, 'who accepts no page gets none');
});

test('a console that is not there is said in a sentence, and looked for again by the page while it is on its way', async () => {
  console = { absent: 'The console could not be built (<b>no network</b>): run "npm run build -w web-console".', isComing: false };
  const failed = await get('/sign-in', page);
  assert.equal(failed.status, 503);
  assert.match(failed.body.toString(), /could not be built \(&#60;b&#62;no network/);
  assert.doesNotMatch(failed.body.toString(), /<script/);
  assert.equal(failed.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  console = { absent: 'The console is being built.', isComing: true };
  const coming = await get('/', page);
  assert.match(coming.body.toString(), /being built.*<script>.*location\.reload/);
  assert.match(coming.headers['content-security-policy']?.toString() ?? '', /^default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors/);
  assert.equal((await get('/assets/main-1.js')).status, 404);
});
