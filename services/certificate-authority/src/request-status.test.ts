import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@guildhall/kubernetes';
import { saysAlready, statusOf, unlessGone, type Standing } from './request-status.ts';

test('an answer to a request that is gone is nobody\'s loss; any other failure is one', async () => {
  await unlessGone(Promise.reject(new ApiError(404, 'NotFound', 'gone')));
  await assert.rejects(unlessGone(Promise.reject(new ApiError(409, 'Conflict', 'changed'))), /changed/);
});

test('what was written is known again, also when it was cut off', () => {
  const standing: Standing = { kind: 'reconciling', reason: 'WaitingForReference', message: 'x'.repeat(3000) };
  const request = { metadata: { generation: 1 } };
  assert.equal(saysAlready(request, standing), false);
  const status = statusOf(request, standing, 0);
  assert.equal(status.conditions[0]?.message.length, 2048);
  assert.equal(saysAlready({ ...request, status }, standing), true);
  assert.equal(saysAlready({ ...request, status }, { ...standing, reason: 'WaitingForNode' }), false);
});
