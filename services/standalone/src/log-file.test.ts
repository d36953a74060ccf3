import assert from 'node:assert/strict';
import { appendFileSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { pino } from 'pino';
import { limitLogs, openLogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a log that cannot be written is told of once, and once when it can be again, and stops nobody', () => {
  const path = join(folder, 'guildhall.log');
  const told: string[] = [];
  let full = false;
  const logger = pino({ base: null, timestamp: false }, openLogFile(path, (sentence) => told.push(sentence), (fd, line) => {
    if (full) throw new Error('ENOSPC: no space left on device');
    writeSync(fd, line);
  }));
  logger.info('before');
  full = true;
  logger.info('lost');
  logger.info('lost too');
  full = false;
  logger.info('after');
  assert.equal(readFileSync(path, 'utf8'), '{"level":30,"msg":"before"}\n{"level":30,"msg":"after"}\n');
  assert.equal(told.length, 2);
  assert.match(told[0] ?? '', /guildhall\.log cannot be written \(ENOSPC.*free some space/);
  assert.match(told[1] ?? '', /is written again/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a log that has grown is moved aside under the process that writes it, and of the old ones a few are kept', () => {
  const path = join(folder, 'postgres.log');
  const fd = openSync(path, 'a');
  try {
    for (let round = 1; round <= 5; round++) {
      writeSync(fd, `${round}`.repeat(150));
      limitLogs(folder, { maxBytes: 100, kept: 3 });
    }
    writeSync(fd, 'new');
  } finally {
    closeSync(fd);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['postgres.log', 'postgres.log.1', 'postgres.log.2', 'postgres.log.3']);
  assert.deepEqual(readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), 'utf8')), ['new', '5'.repeat(150), '4'.repeat(150), '3'.repeat(150)]);
});

test('a log that is small enough, and what is no log, stays as it is', () => {
  writeFileSync(join(folder, 'small.log'), 'x'.repeat(100));
  writeFileSync(join(folder, 'other.txt'), 'x'.repeat(1000));
  limitLogs(folder, { maxBytes: 100 });
  appendFileSync(join(folder, 'small.log'), 'y');
  limitLogs(folder, { maxBytes: 100 });
  assert.deepEqual(readdirSync(folder).sort(), ['other.txt', 'small.log', 'small.log.1']);
});
