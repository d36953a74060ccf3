import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { issueSignInCode, readConsole, type Console, type ControlPlane } from '../src/index.ts';
import { smallConsortium } from './client.ts';
import { documentId, writeConsoleFolder } from './console-folder.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

const templatesDocument = 'query Templates { templates { id } }';
const createDocument = 'mutation Create($input: CreateConsortiumInput!, $key: String) { createConsortium(input: $input, idempotencyKey: $key) { operation { id actor } } }';
const watchDocument = 'subscription Watch($id: ID!) { consortium(id: $id) { name } }';
const consortiumDocument = 'query Consortium($name: String) { consortium(name: $name) { id } }';
const costlyDocument = `query Costly { ${Array.from({ length: 100 }, (_, index) => `a${index}: operations(first: 100) { edges { node { steps { name } } } }`).join(' ')} }`;

let world: World;
let operator: ScriptedOperator;
let controlPlane: ControlPlane;
let token: string;
let now = Date.now();
let serves: Console;
before(async () => {
  world = await startWorld();
  operator = startScriptedOperator(world.admin);
  const folder = await writeConsoleFolder([templatesDocument, createDocument, watchDocument, consortiumDocument, costlyDocument]);
  const built = await readConsole(folder);
  await rm(folder, { recursive: true });
  serves = built;
  controlPlane = await world.start({ console: () => serves, now: () => new Date(now) });
  token = await controlPlane.tokens.issueAdminToken();
});
after(async () => {
  operator.stop();
  await controlPlane.stop();
  await world.stop();
});
beforeEach(() => {
  // What failed in one test is not counted in the next.
  now += 3600_000;
});

const json = { 'content-type': 'application/json' };
const send = (path: string, method: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${controlPlane.url}${path}`, { method, headers: { ...json, ...headers }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
const codeOf = async (response: Response): Promise<string> => `${response.status} ${((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code}`;

/** What a browser would send back. */
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
async function signIn(credential: object = { token }, headers: Record<string, string> = {}): Promise<string> {
  const response = await send('/session', 'POST', credential, headers);
  assert.equal(response.status, 204, await response.text());
  return cookieOf(response);
}
const sessionStatus = async (cookie: string): Promise<number> => (await send('/session', 'GET', undefined, { cookie })).status;
const ask = (cookie: string, document: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  send('/graphql', 'POST', { documentId: documentId(document), variables }, { cookie, ...headers });

describe('signing in', () => {
  test('with the token gives a cookie that no script and no other site sees, and nothing else', async () => {
    const response = await send('/session', 'POST', { token });
    assert.equal(response.status, 204);
    assert.match(response.headers.getSetCookie().join('\n'), /^guildhall_session=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    const told = await send('/session', 'GET', undefined, { cookie: cookieOf(response) });
    assert.equal(told.status, 200);
    const { actor, expiresAt } = (await told.json()) as { actor: string; expiresAt: string };
    assert.equal(actor, 'admin');
    const hours = (new Date(expiresAt).getTime() - Date.now()) / 3600_000;
    assert.ok(hours > 11.9 && hours <= 12, `${hours} h`);
  });

  test('leaves nothing in the database that would let somebody in', async () => {
    const cookie = await signIn();
    const rows = JSON.stringify(await world.query('select * from sessions'));
    assert.ok(!rows.includes(cookie.split('=')[1] ?? '') && !rows.includes(token));
    const [record] = await world.query<{ actor: string; action: string; target: string; details: object }>('select actor, action, target, details from audit order by id desc limit 1');
    assert.deepEqual(record, { actor: 'admin', action: 'signIn', target: 'console', details: { by: 'token' } });
  });

  test('never under an id that was there before, and ends the session of the browser before', async () => {
    const planted = `guildhall_session=${'a'.repeat(43)}`;
    const first = await signIn({ token }, { cookie: planted });
    assert.notEqual(first, planted);
    const second = await signIn({ token }, { cookie: first });
    assert.notEqual(second, first);
    assert.deepEqual([await sessionStatus(planted), await sessionStatus(first), await sessionStatus(second)], [401, 401, 200]);
  });

  test('with what is worth nothing tells no more than that', async () => {
    for (const credential of [{ token: 'gha_wrong' }, { token: `${token}x` }, { code: token }, { code: 'wrong' }, { token: '\0' }, { code: 'é'.repeat(200) }]) {
      const response = await send('/session', 'POST', credential);
      assert.equal(response.headers.getSetCookie().length, 0);
      assert.equal(await codeOf(response), '401 UNAUTHENTICATED', JSON.stringify(credential));
    }
    for (const body of ['', '{', '[]', 'null', '"x"', {}, { token: '' }, { token: 1 }, { token, code: 'x' }, { token, more: 1 }, { token: 'x'.repeat(201) }]) assert.equal(await codeOf(await send('/session', 'POST', body)), '400 INVALID_INPUT', JSON.stringify(body));
    assert.equal(await codeOf(await send('/session', 'POST', { token: 'x'.repeat(5000) })), '413 INVALID_INPUT');
    assert.equal(await codeOf(await send('/session', 'PUT', { token })), '405 INVALID_INPUT');
  });

  test('that fails again and again is refused otherwise, and never keeps out who has the right token', async () => {
    const codes: string[] = [];
    for (let count = 0; count < 30; count += 1) codes.push(await codeOf(await send('/session', 'POST', { token: `gha_${count}` })));
    assert.deepEqual([codes[0], codes[19], codes[20], codes[29]], ['401 UNAUTHENTICATED', '401 UNAUTHENTICATED', '429 TOO_MANY_ATTEMPTS', '429 TOO_MANY_ATTEMPTS']);
    assert.equal(await sessionStatus(await signIn()), 200);
    now += 60_000;
    assert.equal(await codeOf(await send('/session', 'POST', { token: 'gha_wrong' })), '401 UNAUTHENTICATED');
  });

  test('many times leaves the newest sessions, and no more', async () => {
    const first = await signIn();
    let last = first;
    for (let count = 0; count < 51; count += 1) last = await signIn();
    assert.deepEqual([await sessionStatus(first), await sessionStatus(last)], [401, 200]);
    assert.equal((await world.query('select from sessions')).length, 50);
  });
});

describe('a sign-in code', () => {
  const issue = (): Promise<string> => issueSignInCode(world.postgres.url);

  test('lets in once', async () => {
    const code = await issue();
    assert.equal(await sessionStatus(await signIn({ code })), 200);
    assert.equal(await codeOf(await send('/session', 'POST', { code })), '401 UNAUTHENTICATED');
  });

  test('lets in one of those who use it at once', async () => {
    const code = await issue();
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await send('/session', 'POST', { code })).status));
    assert.deepEqual(statuses.sort((a, b) => a - b), [204, ...Array<number>(7).fill(401)]);
  });

  test('is worth nothing after its time, is no token, and is in no table as it is', async () => {
    const code = await issue();
    assert.ok(!JSON.stringify(await world.query('select * from sign_in_codes')).includes(code));
    assert.equal(await codeOf(await send('/graphql', 'POST', { query: '{ __typename }' }, { authorization: `Bearer ${code}` })), '401 UNAUTHENTICATED');
    const [row] = await world.query<{ minutes: number }>('select extract(epoch from max(expires_at) - now())::float8 / 60 as minutes from sign_in_codes');
    assert.ok((row?.minutes ?? 0) > 9.5 && (row?.minutes ?? 0) <= 10, `${row?.minutes}`);
    await world.query(`update sign_in_codes set expires_at = now() - interval '1 second'`);
    assert.equal(await codeOf(await send('/session', 'POST', { code })), '401 UNAUTHENTICATED');
    await Promise.all(Array.from({ length: 15 }, issue));
    const last = await issue();
    assert.equal((await world.query('select from sign_in_codes')).length, 10, 'those that are too many, and those that are too old, are gone');
    assert.equal(await sessionStatus(await signIn({ code: last })), 200);
  });
});

describe('a session', () => {
  test('ends when it is not used, and goes on for days when it is', async () => {
    const cookie = await signIn();
    const expiry = async (): Promise<number> => new Date(((await (await send('/session', 'GET', undefined, { cookie })).json()) as { expiresAt: string }).expiresAt).getTime();
    await world.query(`update sessions set expires_at = now() + interval '1 hour'`);
    const before = await expiry();
    assert.equal(await expiry(), before, 'to ask is no use of it');
    assert.equal((await ask(cookie, templatesDocument)).status, 200);
    assert.ok((await expiry()) - before > 10 * 3600_000, 'it was used');
    await world.query(`update sessions set ends_at = now() + interval '2 hours', expires_at = now() + interval '1 hour'`);
    await ask(cookie, templatesDocument);
    assert.ok((await expiry()) - Date.now() < 2 * 3600_000 + 1000, 'never beyond its end');
    await world.query(`update sessions set expires_at = now() - interval '1 second'`);
    assert.equal(await sessionStatus(cookie), 401);
    assert.equal(await codeOf(await ask(cookie, templatesDocument)), '401 UNAUTHENTICATED');
    await signIn();
    assert.equal((await world.query(`select from sessions where expires_at < now()`)).length, 0, 'what has ended is swept');
  });

  test('that is busy does not write with each request', async () => {
    const cookie = await signIn();
    const version = async (): Promise<string> => JSON.stringify(await world.query('select xmin::text, expires_at from sessions order by created_at desc limit 1'));
    const before = await version();
    for (let count = 0; count < 5; count += 1) await ask(cookie, templatesDocument);
    assert.equal(await version(), before);
  });

  test('ends in the database when its browser signs out, and the cookie goes', async () => {
    const cookie = await signIn();
    const response = await send('/session', 'DELETE', undefined, { cookie });
    assert.equal(response.status, 204);
    assert.match(response.headers.getSetCookie()[0] ?? '', /^guildhall_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal(await sessionStatus(cookie), 401);
    assert.equal((await send('/session', 'DELETE', undefined, { cookie })).status, 204, 'once more changes nothing');
    assert.equal((await world.query(`select from audit where action = 'signOut'`)).length, 1);
  });

  test('acts as who signed in, and its operations say so', async () => {
    const cookie = await signIn();
    const { data } = (await (await ask(cookie, createDocument, { input: smallConsortium('byconsole') })).json()) as { data: { createConsortium: { operation: { actor: string } } } };
    assert.equal(data.createConsortium.operation.actor, 'admin');
    assert.ok((await world.query(`select from audit where target = 'byconsole' and actor = 'admin'`)).length > 0);
  });

  test('ends with the token that it was begun under, in the middle of a stream too, and so do codes', { timeout: 600_000 }, async () => {
    const cookie = await signIn();
    const code = await issueSignInCode(world.postgres.url);
    const { data } = (await (await ask(cookie, consortiumDocument, { name: 'byconsole' })).json()) as { data: { consortium: { id: string } } };
    const stream = await ask(cookie, watchDocument, { id: data.consortium.id }, { accept: 'text/event-stream' });
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) seen.push(Buffer.from(chunk).toString());
    })();
    while (!seen.join('').includes('byconsole')) await delay(10);
    token = await controlPlane.tokens.issueAdminToken();
    await world.query(`select pg_notify('guildhall_projection', 'byconsole x')`);
    await reading;
    assert.match(seen.join(''), /UNAUTHENTICATED.*\n\nevent: complete/s);
    assert.equal(await sessionStatus(cookie), 401);
    assert.equal(await codeOf(await send('/session', 'POST', { code })), '401 UNAUTHENTICATED');
    assert.equal((await world.query('select from sessions')).length, 0);
    assert.equal(await sessionStatus(await signIn()), 200);
  });
});

describe('with a session', () => {
  test('a page that was open over a restart is asked to come again while the console is being prepared', async () => {
    const cookie = await signIn();
    const built = serves;
    serves = { absent: 'It is being built.', isComing: true };
    assert.equal(await codeOf(await ask(cookie, templatesDocument)), '503 UNAVAILABLE');
    serves = built;
    assert.equal((await ask(cookie, templatesDocument)).status, 200);
  });

  test('only the console’s own documents are answered, by their ids', async () => {
    const cookie = await signIn();
    assert.deepEqual(await (await ask(cookie, templatesDocument)).json(), { data: { templates: [{ id: 'note' }] } });
    assert.equal(await codeOf(await send('/graphql', 'POST', { query: templatesDocument }, { cookie })), '403 FORBIDDEN');
    assert.equal(await codeOf(await send('/graphql', 'POST', { query: '{ __schema { types { name } } }', documentId: documentId(templatesDocument) }, { cookie })), '403 FORBIDDEN');
    for (const id of ['0'.repeat(64), '__proto__', '', 'x'.repeat(10_000)]) assert.equal(await codeOf(await send('/graphql', 'POST', { documentId: id }, { cookie })), '400 UNKNOWN_DOCUMENT', id.slice(0, 70));
    for (const body of ['', '[]', '{}', { documentId: 1 }, { documentId: documentId(templatesDocument), variables: [] }, { documentId: documentId(templatesDocument), operationName: 1 }]) assert.equal(await codeOf(await send('/graphql', 'POST', body, { cookie })), '400 INVALID_INPUT', JSON.stringify(body));
    assert.equal(await codeOf(await ask(cookie, costlyDocument)), '400 TOO_COSTLY');
    assert.equal(await codeOf(await ask(cookie, costlyDocument, {}, { accept: 'text/event-stream' })), '400 TOO_COSTLY');
    assert.equal(await codeOf(await ask(cookie, createDocument, { input: {} })), '400 INVALID_INPUT');
  });

  test('a token in the header counts, and the cookie beside it does not', async () => {
    const cookie = await signIn();
    const authorization = `Bearer ${token}`;
    assert.equal((await send('/graphql', 'POST', { query: templatesDocument }, { cookie, authorization })).status, 200);
    assert.equal(await codeOf(await send('/graphql', 'POST', { query: templatesDocument }, { cookie, authorization: 'Bearer wrong' })), '401 UNAUTHENTICATED');
    assert.equal(await codeOf(await ask(cookie, templatesDocument, {}, { authorization: `Bearer ${'x'.repeat(3000)}` })), '401 UNAUTHENTICATED');
    assert.equal((await ask(cookie, templatesDocument, {}, { authorization: 'Basic eDp5' })).status, 200, 'a proxy’s own password is not ours to judge');
    assert.equal(await codeOf(await send('/graphql', 'POST', { documentId: documentId(templatesDocument) }, { authorization })), '400 INVALID_INPUT');
  });

  test('a page of another origin can do nothing, whatever it sends', async () => {
    const cookie = await signIn();
    const body = { documentId: documentId(createDocument), variables: { input: smallConsortium('forged') } };
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: controlPlane.url.replace(/:\d+$/, ':1') }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];
    for (const headers of foreign) {
      assert.equal(await codeOf(await send('/graphql', 'POST', body, { cookie, ...headers })), '403 FORBIDDEN', JSON.stringify(headers));
      assert.equal(await codeOf(await send('/session', 'POST', { token }, headers)), '403 FORBIDDEN', 'nor sign a browser in as somebody else');
      assert.equal(await codeOf(await send('/session', 'DELETE', undefined, { cookie, ...headers })), '403 FORBIDDEN', 'nor sign it out');
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      assert.equal(await codeOf(await send('/graphql', 'POST', body, { cookie, 'content-type': type })), '415 INVALID_INPUT', type);
      assert.equal(await codeOf(await send('/session', 'POST', { token }, { 'content-type': type })), '415 INVALID_INPUT', type);
    }
    const query = new URLSearchParams({ documentId: body.documentId, variables: JSON.stringify(body.variables) });
    assert.equal(await codeOf(await send(`/graphql?${query.toString()}`, 'GET', undefined, { cookie })), '405 INVALID_INPUT');
    assert.equal(await sessionStatus(cookie), 200);
    assert.equal((await world.query(`select from consortia where name = 'forged'`)).length, 0);
    const own = { origin: controlPlane.url, 'sec-fetch-site': 'same-origin' };
    assert.equal((await ask(cookie, templatesDocument, {}, own)).status, 200);
  });

  test('a huge body is refused', async () => {
    const cookie = await signIn();
    assert.equal(await codeOf(await send('/graphql', 'POST', 'x'.repeat(2 * 1024 * 1024 + 1), { cookie })), '413 INVALID_INPUT');
  });
});

test('the page and its files are there without a session, the API is not', async () => {
  const page = await send('/anywhere', 'GET', undefined, { accept: 'text/html' });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /csp-nonce/);
  assert.equal((await send('/assets/main-1.js', 'GET')).status, 200);
  assert.equal((await send('/anywhere', 'POST', {}, { accept: 'text/html' })).status, 405);
  assert.equal(await codeOf(await send('/graphql', 'GET', undefined, { accept: 'text/html' })), '405 INVALID_INPUT');
  assert.equal(await codeOf(await send('/session', 'GET', undefined, { accept: 'text/html' })), '401 UNAUTHENTICATED');
  assert.equal(await codeOf(await ask('', templatesDocument)), '401 UNAUTHENTICATED');
  assert.equal((await send('/healthz', 'GET')).status, 200);
});

describe('behind a proxy that speaks TLS', () => {
  let proxied: ControlPlane;
  before(async () => {
    proxied = await world.start({ publicUrl: new URL('https://guildhall.example') });
  });
  after(() => proxied.stop());

  test('the public origin is the console’s, and the cookie goes by https alone', async () => {
    const post = (origin: string): Promise<Response> => fetch(`${proxied.url}/session`, { method: 'POST', headers: { ...json, origin }, body: JSON.stringify({ token }) });
    const response = await post('https://guildhall.example');
    assert.equal(response.status, 204);
    assert.match(response.headers.getSetCookie()[0] ?? '', /^__Host-guildhall_session=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    const refused = await post(proxied.url);
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /open the console at https:\/\/guildhall\.example/);
    assert.equal(await sessionStatus(cookieOf(response)), 401, 'without https the name is another');
    assert.equal((await fetch(`${proxied.url}/session`, { headers: { cookie: cookieOf(response) } })).status, 200);
    assert.match(await (await fetch(proxied.url, { headers: { accept: 'text/html' } })).text(), /serves no console/);
  });
});
