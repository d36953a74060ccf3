import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDelay } from './restart-backoff.ts';

test('the first restart is at once, later ones wait longer up to a minute', () => {
  const delays: number[] = [];
  let endsInARow = 0;
  for (let end = 0; end < 9; end++) {
    const next = restartDelay(endsInARow, 100);
    delays.push(next.delayMs / 1000);
    endsInARow = next.endsInARow;
  }
  assert.deepEqual(delays, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
});

test('a minute of running makes the next end the first again', () => {
  assert.deepEqual(restartDelay(7, 60_000), { delayMs: 0, endsInARow: 1 });
  assert.deepEqual(restartDelay(7, 59_999), { delayMs: 60_000, endsInARow: 8 });
});
