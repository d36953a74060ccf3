import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvaluateRequest } from '../requests.ts';
import { createSeenBlocks } from './seen-blocks.ts';

const request: EvaluateRequest = { consortium: 'a', member: 'm', channel: 'b', contract: 'c', function: 'F', args: [] };

test('of each channel the highest block is known; a ledger that was made anew begins anew', () => {
  const seen = createSeenBlocks();
  assert.deepEqual(seen.added(request), request);
  seen.told(request, { ledger: 'l1', blockNumber: 7 });
  seen.told(request, { ledger: 'l1', blockNumber: 5 });
  assert.deepEqual(seen.added(request).seen, { ledger: 'l1', blockNumber: 7 });
  assert.equal(seen.added({ ...request, channel: 'other' }).seen, undefined);
  seen.told(request, { ledger: 'l2', blockNumber: 1 });
  assert.deepEqual(seen.added(request).seen, { ledger: 'l2', blockNumber: 1 });
  assert.deepEqual(seen.added({ ...request, seen: { ledger: 'mine', blockNumber: 3 } }).seen, { ledger: 'mine', blockNumber: 3 });
});

test('what is known is bounded', () => {
  const seen = createSeenBlocks();
  for (let index = 0; index <= 10_000; index++) seen.told({ consortium: 'a', channel: `c${index}` }, { ledger: 'l', blockNumber: 1 });
  assert.equal(seen.added({ ...request, channel: 'c0' }).seen, undefined);
  assert.notEqual(seen.added({ ...request, channel: 'c1' }).seen, undefined);
});
