import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryOf } from './expiry.ts';

test('a certificate is good, soon over, or expired', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  assert.deepEqual(expiryOf('2026-04-01T00:00:00Z', now), { days: 90, tone: 'good' });
  assert.deepEqual(expiryOf('2026-01-30T23:59:59Z', now), { days: 29, tone: 'warn' });
  assert.deepEqual(expiryOf('2026-01-01T00:00:01Z', now), { days: 0, tone: 'warn' });
  assert.deepEqual(expiryOf('2025-12-31T23:59:59Z', now), { days: -1, tone: 'bad' });
});
