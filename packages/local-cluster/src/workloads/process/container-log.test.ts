import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createContainerLog, type ContainerLog, type LogReadOptions } from './container-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const limits = { maxBytes: 100, maxFiles: 3 };

async function readAll(log: ContainerLog, options: LogReadOptions = {}): Promise<string> {
  let text = '';
  for await (const chunk of log.read(options)) text += Buffer.from(chunk).toString();
  return text;
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');
}

test('a log is read whole, or only its last lines, across rotated files', async () => {
  const log = createContainerLog(folder, limits);
  const file = log.begin(0);
  for (let start = 0; start < 60; start += 20) {
    appendFileSync(file, lines(start, start + 20));
    log.rotate();
  }
  appendFileSync(file, 'unfinished');
  // Two rotated files and the current one are kept; the first twenty lines are gone.
  assert.equal(await readAll(log), `${lines(20, 60)}unfinished`);
  assert.equal(await readAll(log, { tailLines: 2 }), 'line 59\nunfinished');
  assert.equal(await readAll(log, { tailLines: 23 }), `${lines(38, 60)}unfinished`);
  assert.equal(await readAll(log, { tailLines: 1000 }), `${lines(20, 60)}unfinished`);
  assert.equal(await readAll(log, { tailLines: 0 }), '');
  assert.equal(log.lastLines(2, 1000), 'unfinished');
});

test('a follower sees each byte once while the file is rotated under it, and ends when the instance ends', async () => {
  const log = createContainerLog(folder, { maxBytes: 100, maxFiles: 50 });
  const file = log.begin(0);
  let text = '';
  const following = (async () => {
    for await (const chunk of log.read({ follow: true })) text += Buffer.from(chunk).toString();
  })();
  for (let line = 0; line < 300; line++) {
    appendFileSync(file, `line ${line}\n`);
    if (line % 7 === 0) await new Promise(setImmediate);
    if (line % 10 === 0) log.rotate();
  }
  log.end();
  await following;
  assert.equal(text, lines(0, 300));
  assert.ok(readdirSync(folder).length > 10);
});

test('a follower that leaves is let go', async () => {
  const log = createContainerLog(folder, limits);
  appendFileSync(log.begin(0), 'hello\n');
  const leave = new AbortController();
  let text = '';
  for await (const chunk of log.read({ follow: true, signal: leave.signal })) {
    text += Buffer.from(chunk).toString();
    setImmediate(() => leave.abort());
  }
  assert.equal(text, 'hello\n');
});

test('the log of the instance before is kept, older ones are removed', async () => {
  const log = createContainerLog(folder, limits);
  for (const instance of [0, 1, 2]) appendFileSync(log.begin(instance), `instance ${instance}\n`);
  assert.equal(await readAll(log), 'instance 2\n');
  assert.equal(await readAll(log, { previous: true }), 'instance 1\n');
  assert.equal(await readAll(log, { previous: true, follow: true, tailLines: 5 }), 'instance 1\n', 'it does not grow any more');
  assert.deepEqual(readdirSync(folder).sort(), ['1.log', '2.log']);
});

test('a first instance has none before it', async () => {
  const log = createContainerLog(folder, limits);
  assert.equal(log.hasPrevious(), false);
  log.begin(0);
  assert.equal(log.hasPrevious(), false);
  assert.equal(await readAll(log, { previous: true }), '');
  log.begin(1);
  assert.equal(log.hasPrevious(), true);
});

test('a log goes on where an earlier run of the cluster left it', async () => {
  const earlier = createContainerLog(folder, limits);
  const file = earlier.begin(0);
  appendFileSync(file, lines(0, 20));
  earlier.rotate();
  const later = createContainerLog(folder, limits);
  later.resume(0);
  appendFileSync(file, lines(20, 40));
  later.rotate();
  assert.equal(await readAll(later), lines(0, 40));
});

test('lines that a message quotes are the last ones, within its size', () => {
  const log = createContainerLog(folder, limits);
  appendFileSync(log.begin(0), `${lines(0, 5)}panic: it broke\n`);
  assert.equal(log.lastLines(2, 1000), 'line 4\npanic: it broke');
  assert.equal(log.lastLines(5, 8), 't broke');
});
