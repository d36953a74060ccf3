import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { createRequestContext, type Services } from '../graphql/context.ts';
import { createErrorFormatter } from '../graphql/errors.ts';
import { signedOut } from '../errors.ts';
import { kubernetesPlatform } from '../platform/kubernetes-platform.ts';
import { createEventStream } from './event-stream.ts';

const logger = pino({ level: 'silent' });

/** A server that answers one query as a stream, of what needs no database. */
async function serve(t: TestContext, query: string, ending: AbortSignal): Promise<string> {
  const services = { platform: kubernetesPlatform('1.2.3', new Date(0)), notifications: { onGap: () => () => undefined } } as unknown as Services;
  const answer = createEventStream(createErrorFormatter(logger), ending, logger);
  const server = createServer((_, response) => {
    const caller = { actor: 'admin', isConsole: false, mayKnow: () => Promise.resolve(true), refusal: signedOut };
    answer(response, { query }, createRequestContext(services, 'admin'), caller).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const subscription = 'subscription { platform { version } }';
const event = 'event: next\ndata: {"data":{"platform":{"version":"1.2.3"}}}\n\n';
const complete = 'event: complete\ndata: \n\n';

test('what has told all that there is says that it is complete', async (t) => {
  const response = await fetch(await serve(t, '{ platform { version } }', new AbortController().signal));
  assert.equal(await response.text(), `:\n\n${event}${complete}`);
});

test('a subscription that its server ends breaks off without a last word, so that it is taken up elsewhere', async (t) => {
  const ending = new AbortController();
  const response = await fetch(await serve(t, subscription, ending.signal));
  let told = '';
  for await (const chunk of response.body ?? []) {
    told += Buffer.from(chunk).toString();
    if (told.includes(event)) ending.abort();
  }
  assert.equal(told, `:\n\n${event}`);
});

test('one that begins while the server ends is not kept either', async (t) => {
  const ending = new AbortController();
  ending.abort();
  const told = await (await fetch(await serve(t, subscription, ending.signal))).text();
  assert.ok(!told.includes(complete), told);
});
