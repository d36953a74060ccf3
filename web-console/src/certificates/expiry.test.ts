import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysLeft, expiryTone, firstToExpire } from './expiry.ts';

const now = new Date('2026-03-04T12:00:00Z');

test('days that are left are whole days, and negative afterwards', () => {
  assert.equal(daysLeft('2026-03-05T11:59:59Z', now), 0);
  assert.equal(daysLeft('2026-04-03T12:00:00Z', now), 30);
  assert.equal(daysLeft('2026-03-04T11:59:59Z', now), -1);
});

test('the nearer the end, the louder', () => {
  assert.deepEqual([-1, 0, 6, 7, 29, 30].map(expiryTone), ['bad', 'bad', 'bad', 'warn', 'warn', 'good']);
});

test('of several, the one that expires first counts', () => {
  assert.equal(firstToExpire([]), undefined);
  assert.equal(firstToExpire([{ notAfter: '2026-05-01T00:00:00Z' }, { notAfter: '2026-04-01T02:00:00+02:00' }, { notAfter: '2026-06-01T00:00:00Z' }])?.notAfter, '2026-04-01T02:00:00+02:00');
});
