import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createClient } from './client.ts';
import { RequestFailed } from './problem.ts';

const document = { __meta__: { hash: 'abc' } } as unknown as TypedDocumentNode<{ now: number }, { id: string }>;

function answering(answer: () => Response | Promise<Response>) {
  const requests: { path: unknown; init: RequestInit | undefined }[] = [];
  let unauthenticated = 0;
  const client = createClient({
    fetch: async (path, init) => {
      requests.push({ path, init });
      return answer();
    },
    onUnauthenticated: () => (unauthenticated += 1),
  });
  return { client, requests, ends: () => unauthenticated };
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

const refusalOf = async (work: Promise<unknown>): Promise<RequestFailed> => {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof RequestFailed, String(error));
  return error;
};

test('a request carries the digest of its document and never the document', async () => {
  const { client, requests } = answering(() => json({ data: { now: 1 } }));
  assert.deepEqual(await client.request(document, { id: 'x' }), { now: 1 });
  assert.equal(requests[0]?.path, '/graphql');
  assert.deepEqual(JSON.parse(requests[0]?.init?.body as string), { documentId: 'abc', variables: { id: 'x' } });
});

test('all problems of an input are told, each with its path', async () => {
  const problems = [
    { code: 'INVALID_INPUT', message: 'name: too long', nextAction: 'correct it', path: 'name' },
    { code: 'DUPLICATE', message: 'taken', path: 'members[1].mspId' },
  ];
  const { client } = answering(() => json({ errors: [{ message: 'name: too long', extensions: { code: 'INVALID_INPUT', path: 'name', problems } }] }));
  assert.deepEqual((await refusalOf(client.request(document, { id: 'x' }))).problems, problems);
});

test('the end of the session is told to who holds it', async () => {
  const { client, ends } = answering(() => json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }, 401));
  assert.equal((await refusalOf(client.request(document, { id: 'x' }))).problems[0].code, 'UNAUTHENTICATED');
  assert.equal(ends(), 1);
});

test('no answer, a proxy’s page and an unreadable answer are told apart from refusals', async () => {
  const code = async (answer: () => Response | Promise<Response>): Promise<string> => (await refusalOf(answering(answer).client.request(document, { id: 'x' }))).problems[0].code;
  assert.equal(await code(() => Promise.reject(new TypeError('fetch failed'))), 'UNREACHABLE');
  assert.equal(await code(() => new Response('<html>', { status: 502 })), 'UNREACHABLE');
  assert.equal(await code(() => new Response('<html>', { status: 200 })), 'UNREADABLE');
  assert.equal(await code(() => json({})), 'UNREADABLE');
});

const stream = (text: string): Response => {
  const bytes = new TextEncoder().encode(text);
  // In pieces that split characters and lines.
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  return new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } });
};

test('a subscription tells results and signs of life, until it is complete', async () => {
  const next = (data: unknown): string => `event: next\ndata: ${JSON.stringify(data)}\n\n`;
  const { client, requests } = answering(() => stream(`:\n\n${next({ data: { now: 1, name: '北京' } })}:\n\n${next({ data: { now: 2 } })}event: complete\ndata: \n\n${next({ data: { now: 3 } })}`));
  const heard: unknown[] = [];
  for await (const item of client.subscribe(document, { id: 'x' }, new AbortController().signal)) heard.push(item);
  assert.deepEqual(heard, ['alive', { data: { now: 1, name: '北京' } }, 'alive', { data: { now: 2 } }]);
  assert.equal(new Headers(requests[0]?.init?.headers).get('accept'), 'text/event-stream');
});

test('a subscription that a new token ended says that the session has ended', async () => {
  const { client, ends } = answering(() => stream(`event: next\ndata: ${JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] })}\n\n`));
  const all = async (): Promise<void> => {
    for await (const item of client.subscribe(document, { id: 'x' }, new AbortController().signal)) assert.fail(JSON.stringify(item));
  };
  assert.equal((await refusalOf(all())).problems[0].code, 'UNAUTHENTICATED');
  assert.equal(ends(), 1);
});
