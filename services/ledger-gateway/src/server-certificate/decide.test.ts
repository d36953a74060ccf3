import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, makeServerCertificate } from './certificate.ts';
import { authoritiesOf, decide, type Held } from './decide.ts';
import { dataOf, heldOf } from './secret-data.ts';

const names = ['guildhall-ledger-gateway.guildhall.svc'];
const start = Date.parse('2026-01-01T00:00:00Z');
const day = (days: number): Date => new Date(start + days * 24 * 60 * 60_000);
const minutesAfter = (date: Date, minutes: number): Date => new Date(date.getTime() + minutes * 60_000);
const current = await makeServerCertificate(names, day(0));
const next = await makeServerCertificate(names, day(61));

test('a certificate is used for two thirds of its life, then the next one is made, and served when callers know it', () => {
  assert.equal(decide({}, names, day(0)).kind, 'make');
  assert.deepEqual(decide({ current }, names, day(59)), { kind: 'keep', current });
  assert.equal(decide({ current }, names, day(61)).kind, 'prepare');
  assert.deepEqual(decide({ current, next }, names, minutesAfter(day(61), 59)), { kind: 'keep', current });
  assert.deepEqual(decide({ current, next }, names, minutesAfter(day(61), 61)), { kind: 'takeOver', held: { current: next, previousAuthority: current.authority } });
});

test('what cannot be served is replaced at once: by the next one when there is one', () => {
  const after = day(91);
  assert.match(JSON.stringify(decide({ current }, names, after)), /"make".*it ended at/);
  assert.equal(decide({ current, next }, names, after).kind, 'takeOver');
  assert.equal(decide({ current: { ...current, key: next.key } }, names, day(1)).kind, 'make');
  assert.equal(decide({ current: { ...current, certificate: 'no certificate' } }, names, day(1)).kind, 'make');
  assert.equal(decide({ current: { ...current, authority: next.authority } }, names, day(1)).kind, 'make');
  assert.match(JSON.stringify(decide({ current }, ['guildhall-ledger-gateway.other.svc'], day(1))), /does not name guildhall-ledger-gateway.other.svc/);
  // A next one that is broken is made anew when its time has come.
  assert.equal(decide({ current, next: { ...next, key: current.key } }, names, day(61)).kind, 'prepare');
});

test('callers trust what is served, what will be and what was, as long as it lasts', () => {
  const held: Held = { current: next, previousAuthority: current.authority };
  assert.equal(authoritiesOf({ current, next }, day(61)), current.authority + next.authority);
  assert.equal(authoritiesOf(held, day(62)), next.authority + current.authority);
  assert.equal(authoritiesOf(held, day(91)), next.authority);
});

test('of an authority only the certificate is kept, and it signs nothing but the server certificate', () => {
  assert.equal(faultOf(current, names, day(1)), undefined);
  assert.doesNotMatch(current.authority, /PRIVATE/);
  assert.match(current.key, /^-----BEGIN PRIVATE KEY-----/);
});

test('a Secret holds all of it, and what is no more is taken away', () => {
  const held: Held = { current: next, previousAuthority: current.authority };
  const data = dataOf(held);
  assert.deepEqual([data['next-tls.key'], data['next-tls.crt'], data['next-ca.crt']], [null, null, null]);
  const kept = Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== null));
  assert.deepEqual(heldOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: kept }), held);
  assert.deepEqual(heldOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { 'tls.crt': 'YQ==' } }), {});
  assert.deepEqual(heldOf(undefined), {});
});
