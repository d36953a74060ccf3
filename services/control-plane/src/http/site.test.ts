import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { RequestRefused } from './request.ts';
import { checkHost, checkSameOrigin, requireJson, type Site } from './site.ts';

const local: Site = { local: { host: '127.0.0.1', url: 'http://127.0.0.1:4000' } };
const proxied: Site = { ...local, publicUrl: new URL('https://guildhall.example') };

const statusOf = (check: (request: IncomingMessage) => void, headers: Record<string, string>): number => {
  try {
    check({ headers } as unknown as IncomingMessage);
    return 200;
  } catch (error) {
    if (error instanceof RequestRefused) return error.status;
    throw error;
  }
};

test('a request with a cookie comes from the console’s own pages', () => {
  const host = '127.0.0.1:4000';
  const status = (headers: Record<string, string>, site = local): number => statusOf((request) => checkSameOrigin(request, site), { host, ...headers });
  for (const headers of [{}, { origin: 'http://127.0.0.1:4000' }, { origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { host: 'LOCALHOST:4000', origin: 'http://localhost:4000' }]) {
    assert.equal(status(headers), 200, JSON.stringify(headers));
  }
  for (const origin of ['http://127.0.0.1:4001', 'http://localhost:4000', 'https://127.0.0.1:4000', 'https://evil.example', 'null', '', 'http://127.0.0.1:4000.evil.example']) assert.equal(status({ origin }), 403, origin);
  for (const from of ['same-site', 'cross-site', 'nonsense', '']) assert.equal(status({ 'sec-fetch-site': from, origin: 'http://127.0.0.1:4000' }), 403, from);
});

test('behind a proxy the public origin is the own one, and no other', () => {
  const status = (headers: Record<string, string>): number => statusOf((request) => checkSameOrigin(request, proxied), headers);
  assert.equal(status({ host: '127.0.0.1:4000', origin: 'https://guildhall.example' }), 200);
  assert.equal(status({ host: 'guildhall.example', origin: 'https://guildhall.example' }), 200);
  assert.equal(status({ host: 'guildhall.example', origin: 'http://guildhall.example' }), 403);
  assert.equal(status({ host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' }), 403);
});

test('the proxy’s name is one of the server’s, and only with the setting', () => {
  assert.equal(statusOf((request) => checkHost(request, proxied), { host: 'guildhall.example' }), 200);
  assert.equal(statusOf((request) => checkHost(request, proxied), { host: 'guildhall.example:443' }), 200);
  assert.equal(statusOf((request) => checkHost(request, local), { host: 'guildhall.example' }), 421);
  assert.equal(statusOf((request) => checkHost(request, proxied), { host: 'evil.example' }), 421);
});

test('JSON is what is called JSON, and no form', () => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON']) assert.equal(statusOf((request) => requireJson(request, 'x'), { 'content-type': type }), 200, type);
  for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain; a=application/json', 'application/jsonp', 'application/json-x']) {
    assert.equal(statusOf((request) => requireJson(request, 'x'), { 'content-type': type }), 415, type);
  }
});
