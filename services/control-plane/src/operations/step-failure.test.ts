import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, TransportError } from '@guildhall/kubernetes';
import { StepError } from './operation.ts';
import { backoffMs, outcomeOfError } from './step-failure.ts';

const messageOf = (error: unknown): string => {
  const outcome = outcomeOfError(error, 0);
  assert.equal(outcome.kind, 'wait');
  return outcome.message ?? '';
};

test('what a person must mend fails the step; anything else is tried again', () => {
  const problem = { code: 'INVALID_INPUT', message: 'refused', nextAction: 'correct it' };
  assert.deepEqual(outcomeOfError(new StepError(problem), 3), { kind: 'fail', reason: 'INVALID_INPUT', problem });
  assert.match(messageOf(new ApiError(403, 'Forbidden', 'apply Node a/b: 403 Forbidden')), /the cluster refused: apply Node a\/b/);
});

test('what errors of others say stays in the log', () => {
  assert.match(messageOf(new TransportError('Unreachable', 'connect 10.0.0.1:6443 token=abc')), /^an attempt failed and is repeated: the cluster does not answer$/);
  assert.match(messageOf(Object.assign(new Error('postgres://u:pw@h'), { code: 'ECONNREFUSED' })), /the database does not answer$/);
  assert.match(messageOf(new TypeError('cannot read secret of undefined')), /something went wrong inside Guildhall/);
});

test('the delay grows to half a minute, and is never shorter than the cluster asks for', () => {
  assert.deepEqual([0, 1, 2, 20].map(backoffMs), [250, 500, 1000, 30_000]);
  const throttled = outcomeOfError(new ApiError(429, 'TooManyRequests', 'x', { retryAfterSeconds: 60 }), 0);
  assert.equal(throttled.kind === 'wait' && throttled.retryAfterMs, 60_000);
});
