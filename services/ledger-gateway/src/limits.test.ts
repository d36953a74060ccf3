import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCallLimits } from './limits.ts';

test('more calls at once than a gateway takes are refused, and taken again when others have ended', async () => {
  const limits = createCallLimits();
  const end = Promise.withResolvers<void>();
  const calls = Array.from({ length: 1_000 }, () => limits.counted(() => end.promise));
  await assert.rejects(limits.counted(() => Promise.resolve()), { code: 'OVERLOADED', retryable: true, message: /1000 calls/ });
  end.resolve();
  await Promise.all(calls);
  assert.equal(await limits.counted(() => Promise.resolve('done')), 'done');
});

test('work ends with its deadline, with the gateway, or when who asked for it goes; a peer gets a part of it', async () => {
  const limits = createCallLimits();
  const aborted = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve) => (signal.aborted ? resolve('ended') : signal.addEventListener('abort', () => resolve('ended'))));
  assert.equal(await limits.within({ deadlineMs: 1 }, ({ signal }) => aborted(signal)), 'ended');
  const closed = limits.within({}, ({ signal }) => aborted(signal));
  limits.close();
  assert.equal(await closed, 'ended');
  assert.equal(await createCallLimits().within({}, ({ signal }) => aborted(signal), AbortSignal.abort()), 'ended');
  const timeouts = [300, 30_000, 120_000].map((deadlineMs) => limits.within({ deadlineMs }, ({ peerTimeoutMs }) => Promise.resolve(peerTimeoutMs)));
  assert.deepEqual(await Promise.all(timeouts), [100, 10_000, 10_000]);
});

test('a deadline that cannot be kept is refused', async () => {
  for (const deadlineMs of [0, -1, Number.NaN, Infinity, 120_001])
    await assert.rejects(createCallLimits().within({ deadlineMs }, () => Promise.resolve()), { code: 'INVALID_ARGUMENT', message: /^deadlineMs: / });
});
