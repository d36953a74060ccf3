import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { identifyChild, signalProcess, type ProcessIdentity } from '@guildhall/local-cluster/process';
import { pino } from 'pino';
import { supervise } from './supervise.ts';

interface Part {
  process: ProcessIdentity;
}
let parts: Part[];
let told: string[];
beforeEach(() => {
  parts = [];
  told = [];
});
afterEach(() => {
  for (const part of parts) signalProcess(part.process, 'SIGKILL');
});

async function start(): Promise<Part> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const part = { process: identifyChild(child.pid ?? 0) };
  parts.push(part);
  return part;
}

const logger = pino({ level: 'silent' });
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setTimeout(next, 5));
}

test('a part that ends is started again until that works, and the person is told once that it is away and once that it is back', async () => {
  const failures = ['no space left on device', 'no space left on device'];
  const first = await start();
  const supervised = supervise(first, {
    name: 'PostgreSQL',
    startAgain: (before) => {
      assert.equal(before, first, 'it is told of the one before, for its port');
      const failure = failures.shift();
      return failure === undefined ? start() : Promise.reject(new Error(failure));
    },
    tell: (sentence) => told.push(sentence),
    logger,
    checkMs: 5,
  });
  signalProcess(first.process, 'SIGKILL');
  await until(() => supervised.current() !== first);
  const last = await supervised.release();
  assert.equal(last, supervised.current());
  assert.deepEqual(told, ['PostgreSQL has ended and does not start; it is tried until it does, and what needs it waits. no space left on device', 'PostgreSQL is back.']);
});

test('a part that is let go is not started again', async () => {
  const first = await start();
  const supervised = supervise(first, { name: 'PostgreSQL', startAgain: () => assert.fail('started again'), tell: (sentence) => told.push(sentence), logger, checkMs: 5 });
  assert.equal(await supervised.release(), first);
  signalProcess(first.process, 'SIGKILL');
  await new Promise((next) => setTimeout(next, 50));
  assert.deepEqual(told, []);
});
