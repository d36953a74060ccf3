import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from './run-program.js';

/** Of one that has ended nothing may be left but what its parent has not asked for yet. */
const isRunning = (pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

test('a program that is no longer wanted has ended when it is told so, with what it started', async () => {
  const stop = new AbortController();
  const pids = [];
  // The shell does not pass signals on, as npm does not.
  const running = runProgram('sh', ['-c', 'sleep 600 & echo $! >&2; echo $$ >&2; wait; wait'], {
    signal: stop.signal,
    isFamily: true,
    onStderrLine: (line) => {
      pids.push(Number(line));
      if (pids.length === 2) stop.abort(new Error('no longer wanted'));
    },
  });
  await assert.rejects(running, /no longer wanted/);
  assert.equal(pids.length, 2);
  // Its files are closed, which is what the parent sees, a moment before it is no more.
  for (let patience = 100; pids.some(isRunning) && patience > 0; patience -= 1) await delay(10);
  assert.deepEqual(pids.map(isRunning), [false, false]);
});

test('what was not wanted any more before is not started', async () => {
  await assert.rejects(runProgram('sh', ['-c', 'true'], { signal: AbortSignal.abort(new Error('too late')) }), /too late/);
});

test('a program that is not there is said', async () => {
  await assert.rejects(runProgram('/no/such/program', [], { isFamily: true }), { code: 'ENOENT' });
});
