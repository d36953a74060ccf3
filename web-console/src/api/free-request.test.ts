import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeRequest, isSubscription, parseVariables } from './free-request.ts';

const all = (answers: AsyncGenerator): Promise<unknown[]> => Array.fromAsync(answers);

test('a document goes out with the token alone, without the session', async () => {
  const seen: RequestInit[] = [];
  const fetching = async (_: unknown, init?: RequestInit) => {
    seen.push(init ?? {});
    return Response.json({ data: { ok: true } });
  };
  const answers = await all(freeRequest(fetching, { query: '{ ok }', variables: { a: 1 }, token: 'secret' }, new AbortController().signal));
  assert.deepEqual(answers, [{ data: { ok: true } }]);
  assert.equal(seen[0]?.credentials, 'omit');
  assert.deepEqual(seen[0]?.headers, { 'content-type': 'application/json', accept: 'application/json', authorization: 'Bearer secret' });
  assert.equal(seen[0]?.body, '{"query":"{ ok }","variables":{"a":1}}');
});

test('the events of a subscription come one by one', async () => {
  const body = 'event: next\ndata: {"data":1}\n\n:\n\nevent: next\ndata: {"data":2}\n\nevent: complete\ndata:\n\n';
  const fetching = async () => new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  assert.deepEqual(await all(freeRequest(fetching, { query: 'subscription { a }', variables: {}, token: 't' }, new AbortController().signal)), [{ data: 1 }, { data: 2 }]);
});

test('a subscription is told from what only mentions one', () => {
  for (const query of ['subscription { a }', 'subscription Now($id: ID!) { a(id: $id) }', '# first\nsubscription X{a}', 'fragment F on A { b } subscription { ...F }']) assert.equal(isSubscription(query), true, query);
  for (const query of ['{ a }', '# subscription { a }\n{ a }', '{ subscription: a }', 'query subscriptions { a }', '{ a(text: "subscription { b }") }', 'query Q { b } fragment subscriptions on A { c }']) assert.equal(isSubscription(query), false, query);
});

test('variables are an object or nothing', () => {
  assert.deepEqual(parseVariables(' '), {});
  assert.deepEqual(parseVariables('{"a": 1}'), { a: 1 });
  for (const text of ['[]', 'null', '1', '{']) assert.equal(parseVariables(text), undefined);
});
