import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@guildhall/kubernetes';
import { unlessGone } from './request-status.ts';

test('an answer to a request that is gone is nobody\'s loss; any other failure is one', async () => {
  await unlessGone(Promise.reject(new ApiError(404, 'NotFound', 'gone')));
  await assert.rejects(unlessGone(Promise.reject(new ApiError(409, 'Conflict', 'changed'))), /changed/);
});
