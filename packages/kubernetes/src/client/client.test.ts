import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { configMaps, leases, namespaces } from '../core.ts';
import { ApiError, isConflict, isForbidden, isGone, isInvalid, TransportError } from '../errors.ts';
import { statefulSets } from '../workloads.ts';
import type { ClientOptions, KubernetesClient } from './api.ts';
import { createClient } from './client.ts';
import type { CallOutcome } from './transport.ts';

interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('the client', () => {
  let url: string;
  let seen: Seen[];
  let answers: ((response: ServerResponse) => void)[];
  let client: KubernetesClient;
  let outcomes: CallOutcome[];
  let close: () => Promise<void>;

  beforeEach(async () => {
    seen = [];
    answers = [];
    outcomes = [];
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await text(request);
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
      seen.push({
        method: request.method ?? '', path: pathname, query: Object.fromEntries(searchParams), headers: request.headers, body,
      });
      (answers.shift() ?? ok())(response);
    };
    const server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = connect();
    close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
  });
  afterEach(async () => {
    await client.close();
    await close();
  });

  const connect = (options: Partial<ClientOptions> = {}): KubernetesClient =>
    createClient({ server: url, token: 'the-token', fieldManager: 'guildhall-test', random: () => 1, onCall: (outcome) => outcomes.push(outcome), ...options });
  const ok =
    (body: object = { metadata: { name: 'a', namespace: 'n', resourceVersion: '1' } }) =>
    (response: ServerResponse): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const refuse =
    (code: number, status: object = {}, headers: Record<string, string> = {}) =>
    (response: ServerResponse): void =>
      void response.writeHead(code, headers).end(JSON.stringify({ kind: 'Status', code, ...status }));
  const reset = (response: ServerResponse): void => void response.destroy();
  const ref = { namespace: 'n', name: 'a' };
  const metadata = { namespace: 'n', name: 'a' };

  it('speaks the paths, content types and parameters of each verb', async () => {
    await client.get(configMaps, ref);
    await client.create(configMaps, { metadata, data: { key: 'value' } });
    await client.apply(statefulSets, { metadata, spec: { replicas: 1 } }, { force: true });
    await client.applyStatus(configMaps, { metadata, status: { fine: true } }, { fieldManager: 'other' });
    await client.mergePatch(configMaps, ref, { data: { key: null } }, { subresource: 'status' });
    await client.delete(configMaps, ref, { uid: 'u', resourceVersion: '7' });
    await client.get(namespaces, { name: 'n' });
    assert.deepEqual(
      seen.map(({ method, path, query, headers, body }) => [method, path, query, headers['content-type'], body === '' ? undefined : (JSON.parse(body) as unknown)]),
      [
        ['GET', '/api/v1/namespaces/n/configmaps/a', {}, undefined, undefined],
        ['POST', '/api/v1/namespaces/n/configmaps', { fieldManager: 'guildhall-test', fieldValidation: 'Strict' }, 'application/json',
          { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'value' } }],
        ['PATCH', '/apis/apps/v1/namespaces/n/statefulsets/a', { fieldManager: 'guildhall-test', fieldValidation: 'Strict', force: 'true' }, 'application/apply-patch+yaml',
          { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { replicas: 1 } }],
        ['PATCH', '/api/v1/namespaces/n/configmaps/a/status', { fieldManager: 'other', fieldValidation: 'Strict', force: 'false' }, 'application/apply-patch+yaml',
          { apiVersion: 'v1', kind: 'ConfigMap', metadata, status: { fine: true } }],
        ['PATCH', '/api/v1/namespaces/n/configmaps/a/status', { fieldManager: 'guildhall-test', fieldValidation: 'Strict' }, 'application/merge-patch+json', { data: { key: null } }],
        ['DELETE', '/api/v1/namespaces/n/configmaps/a', {}, 'application/json',
          { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid: 'u', resourceVersion: '7' } }],
        ['GET', '/api/v1/namespaces/n', {}, undefined, undefined],
      ],
    );
    assert.ok(seen.every(({ headers }) => headers.authorization === 'Bearer the-token'));
  });

  it('applies a spec without its status and without the bookkeeping of the server, and a status with nothing but its identity', async () => {
    const read = {
      metadata: { ...metadata, uid: 'u', resourceVersion: '3', generation: 2, creationTimestamp: 'then', labels: { a: 'b' }, managedFields: [] },
      data: { key: 'value' },
      status: { phase: 'fine' },
    };
    await client.apply(configMaps, read);
    await client.applyStatus(configMaps, read);
    const [spec, status] = seen.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    assert.deepEqual(spec, {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, uid: 'u', resourceVersion: '3', labels: { a: 'b' } }, data: { key: 'value' },
    });
    assert.deepEqual(status, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, uid: 'u' }, status: { phase: 'fine' } });
  });

  it('gives items of a list the apiVersion and kind that the server leaves out, over all pages', async () => {
    answers.push(ok({ metadata: { resourceVersion: '5', continue: 'more' }, items: [{ metadata: { name: 'a' } }] }), ok({ metadata: { resourceVersion: '6' }, items: [{ metadata: { name: 'b' } }] }));
    const list = await client.list(configMaps, { namespace: 'n', labelSelector: 'x=y', fieldSelector: 'metadata.name=a', limit: 1 });
    assert.deepEqual(list, {
      resourceVersion: '5',
      items: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })),
    });
    assert.deepEqual(seen.map(({ query }) => query), [
      { labelSelector: 'x=y', fieldSelector: 'metadata.name=a', limit: '1' },
      { labelSelector: 'x=y', fieldSelector: 'metadata.name=a', limit: '1', continue: 'more' },
    ]);
  });

  it('takes 404 for an answer: there is no such object, or it is deleted already', async () => {
    answers.push(refuse(404), refuse(404));
    assert.equal(await client.get(configMaps, ref), undefined);
    await client.delete(configMaps, ref);
  });

  it("gives the server's error its type, with what was called and never what was sent", async () => {
    answers.push(refuse(409, { reason: 'Conflict', message: 'changed' }), refuse(403, { reason: 'Forbidden' }), refuse(410, { reason: 'Expired' }), (response) =>
      void response.writeHead(418).end('<html>'),
    );
    const sent = { metadata, data: { password: 'hunter2' } };
    const errors: unknown[] = [];
    for (let index = 0; index < 4; index++) await client.create(configMaps, sent).catch((error: unknown) => errors.push(error));
    assert.deepEqual([isConflict(errors[0]), isForbidden(errors[1]), isGone(errors[2])], [true, true, true]);
    assert.deepEqual(errors.map((error) => (error as Error).message), [
      'create ConfigMap n/a: 409 Conflict: changed', 'create ConfigMap n/a: 403 Forbidden', 'create ConfigMap n/a: 410 Expired', 'create ConfigMap n/a: 418 Unknown',
    ]);
  });

  it("recognises the API server's odd answers: another uid is a conflict, an undeclared field is invalid", async () => {
    const uid = { reason: 'FieldValueInvalid', message: 'field is immutable', field: 'metadata.uid' };
    answers.push(refuse(422, { reason: 'Invalid', details: { causes: [uid] } }), refuse(500, { reason: 'InternalError', message: '.spec.x: field not declared in schema' }));
    const errors: unknown[] = [];
    for (let index = 0; index < 2; index++) await client.apply(configMaps, { metadata }).catch((error: unknown) => errors.push(error));
    assert.deepEqual(errors.map((error) => [isConflict(error), isInvalid(error)]), [[true, false], [false, true]]);
  });

  it('repeats what is idempotent after a broken connection or while the server is unavailable, and gives up after some attempts', async () => {
    answers.push(reset, refuse(504), refuse(503));
    await client.apply(configMaps, { metadata });
    assert.equal(seen.length, 4);
    answers.push(...Array.from({ length: 5 }, () => refuse(503)));
    await assert.rejects(client.get(configMaps, ref), { status: 503 });
    assert.equal(seen.length, 4 + 5);
    answers.push(refuse(500));
    await assert.rejects(client.get(configMaps, ref), { status: 500 });
    assert.equal(seen.length, 4 + 5 + 1);
    assert.deepEqual(outcomes.map(({ verb, status }) => `${verb} ${status}`), [
      'apply Interrupted', 'apply 504', 'apply 503', 'apply 200', ...Array.from({ length: 5 }, () => 'get 503'), 'get 500',
    ]);
  });

  it('does not repeat what may have been carried out: a create, a conditional patch, a delete by name alone', async () => {
    answers.push(reset, refuse(503), reset, refuse(503));
    const interrupted = (error: unknown): boolean => error instanceof TransportError && error.code === 'Interrupted';
    await assert.rejects(client.create(configMaps, { metadata }), interrupted);
    await assert.rejects(client.create(configMaps, { metadata }), ApiError);
    await assert.rejects(client.mergePatch(leases, ref, { metadata: { resourceVersion: '3' }, spec: {} }), interrupted);
    await assert.rejects(client.delete(configMaps, ref), ApiError);
    assert.equal(seen.length, 4);
  });

  it('repeats anything that was refused with 429, after the time that it was told', async () => {
    answers.push(refuse(429, {}, { 'retry-after': '0' }), refuse(429));
    await client.create(configMaps, { metadata });
    assert.equal(seen.length, 3);
    answers.push(refuse(429, {}, { 'retry-after': '3600' }));
    await assert.rejects(client.get(configMaps, ref), (error) => error instanceof ApiError && error.retryAfterSeconds === 3600);
    assert.equal(seen.length, 4, 'an hour is for the caller to wait');
  });

  it('says when no server is there, and tries that again too', async () => {
    const { port } = new URL(url);
    await close();
    await assert.rejects(connect({ attempts: 2 }).create(configMaps, { metadata }), (error) => error instanceof TransportError && error.code === 'Unreachable' && error.message.includes(port));
    assert.deepEqual(outcomes.map(({ status }) => status), ['Unreachable', 'Unreachable']);
  });

  it('ends a call that gets no answer in time', async () => {
    answers.push(() => undefined);
    await assert.rejects(connect({ timeoutMs: 50 }).get(configMaps, ref), (error) => error instanceof TransportError && error.code === 'Timeout');
    answers.push((response) => void response.writeHead(200).write('{"metadata":'));
    await assert.rejects(connect({ timeoutMs: 50 }).get(configMaps, ref), (error) => error instanceof TransportError && error.code === 'Timeout');
    assert.equal(seen.length, 2);
  });

  it('ends every call of a client whose signal is aborted, also while it waits to repeat', async () => {
    const stop = new AbortController();
    const bound = client.withSignal(stop.signal);
    answers.push(() => setImmediate(() => stop.abort(new Error('stopped'))));
    await assert.rejects(bound.get(configMaps, ref), /stopped/);
    await assert.rejects(bound.get(configMaps, ref), /stopped/);
    assert.equal(seen.length, 1);
  });

  it('says so when the answer is not JSON or not a list', async () => {
    answers.push((response) => void response.end('<html>'), ok({ hello: 'world' }));
    const bad = (error: unknown): boolean => error instanceof TransportError && error.code === 'BadResponse';
    await assert.rejects(client.get(configMaps, ref), bad);
    await assert.rejects(client.list(configMaps), bad);
  });

  it('reads the token file again after a 401', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guildhall-token-'));
    try {
      const tokenFile = join(folder, 'token');
      await writeFile(tokenFile, 'old\n');
      const renewing = connect({ token: undefined, tokenFile });
      await renewing.get(configMaps, ref);
      await writeFile(tokenFile, 'new\n');
      answers.push(refuse(401));
      await renewing.get(configMaps, ref);
      await renewing.get(configMaps, ref);
      assert.deepEqual(seen.map(({ headers }) => headers.authorization), ['Bearer old', 'Bearer old', 'Bearer new', 'Bearer new']);
      await assert.rejects(connect({ token: undefined, tokenFile: join(folder, 'missing') }).get(configMaps, ref), /cannot read the token file .*missing/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('watches: events, bookmarks, and an ERROR event as an error', async () => {
    const object = { metadata: { name: 'a', resourceVersion: '2' } };
    answers.push((response) => {
      const events = [{ type: 'ADDED', object }, { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } }, { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }];
      const text = events.map((event) => JSON.stringify(event)).join('\n');
      response.write(text.slice(0, 30)); // lines do not heed chunks
      setImmediate(() => response.end(`${text.slice(30)}\n`));
    });
    const events: unknown[] = [];
    const watching = (async () => {
      for await (const event of client.watch(configMaps, { namespace: 'n', resourceVersion: '1', timeoutSeconds: 300, signal: new AbortController().signal })) events.push(event);
    })();
    await assert.rejects(watching, isGone);
    assert.deepEqual(events, [{ type: 'ADDED', object: { apiVersion: 'v1', kind: 'ConfigMap', ...object } }, { type: 'BOOKMARK', resourceVersion: '9' }]);
    assert.deepEqual(seen[0]?.query, { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '1', timeoutSeconds: '300' });
  });

  it('lets go of a watch when its signal is aborted or nobody reads on', async () => {
    const closed: Promise<void>[] = [];
    const hold = (response: ServerResponse): void => {
      response.write('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1"}}}\n');
      closed.push(new Promise((resolve) => response.on('close', () => resolve())));
    };
    answers.push(hold, hold);
    for await (const _ of client.watch(configMaps, { resourceVersion: '1', signal: new AbortController().signal })) break;
    const stop = new AbortController();
    await assert.rejects(async () => {
      for await (const _ of client.watch(configMaps, { resourceVersion: '1', signal: stop.signal })) stop.abort(new Error('enough'));
    }, /enough/);
    await Promise.all(closed);
    assert.equal(closed.length, 2);
  });

  it('reads the lines of a log', async () => {
    answers.push((response) => void response.end('first\nsecond'));
    const lines: string[] = [];
    for await (const line of client.podLog(ref, { container: 'peer', tailLines: 10, follow: true, previous: false, cutLinesAt: 5 })) lines.push(line);
    assert.deepEqual(lines, ['first', 'secon'], 'of a line that is too long, its beginning');
    assert.deepEqual([seen[0]?.path, seen[0]?.query], ['/api/v1/namespaces/n/pods/a/log', { container: 'peer', tailLines: '10', follow: 'true', previous: 'false' }]);
  });

  it('refuses a reference that does not fit the kind, before anything is sent', async () => {
    await assert.rejects(client.get(configMaps, { name: 'a' }), /ConfigMap a needs a namespace/);
    await assert.rejects(client.get(namespaces, ref), /Namespace a is cluster-scoped/);
    await assert.rejects(client.create(configMaps, { metadata: { name: 'a' } }), /needs a namespace/);
    assert.equal(seen.length, 0);
  });
});
