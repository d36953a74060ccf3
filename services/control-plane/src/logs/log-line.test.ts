import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLine } from './log-line.ts';

const shown = (raw: string): [string | undefined, string | null, string] => {
  const { at, level, text } = logLine(raw);
  return [at?.toISOString(), level, text];
};

test('a line of Fabric’s in JSON is read with its time, its level and who wrote it', () => {
  assert.deepEqual(shown('{"level":"info","ts":1767225600.5,"name":"gossip.state","caller":"state/state.go:148","msg":"Joining gossip network","channel":"trade","peers":2}'), [
    '2026-01-01T00:00:00.500Z', 'info', '[gossip.state] Joining gossip network channel=trade peers=2',
  ]);
  assert.deepEqual(shown('{"level":"dpanic","ts":"2026-01-01T00:00:00.5Z","msg":"odd"}'), ['2026-01-01T00:00:00.500Z', 'fatal', 'odd']);
});

test('so is one of a contract’s instance', () => {
  assert.deepEqual(shown('{"level":"warn","time":"2026-01-01T00:00:00.000Z","msg":"a call was stopped","afterMs":2000}'), ['2026-01-01T00:00:00.000Z', 'warn', 'a call was stopped afterMs=2000']);
});

test('and one that Fabric wrote for a terminal, with its colours', () => {
  assert.deepEqual(shown('\u001b[34m2026-01-01 00:00:00.123 UTC 0001 INFO\u001b[0m \u001b[34;1m[orderer.common.server]\u001b[0m Starting orderer'), [
    '2026-01-01T00:00:00.123Z', 'info', '[orderer.common.server] Starting orderer',
  ]);
  assert.deepEqual(shown('2026-01-01 00:00:00.123 UTC 00a1 PANI [main] it broke').slice(1), ['fatal', '[main] it broke']);
});

test('what is neither is shown as it is: a stack trace, JSON of something else, JSON that was cut', () => {
  for (const raw of ['panic: runtime error: index out of range', 'goroutine 1 [running]:', '{"a":1}', '[1]', '{"level":"info","msg":"beg', '2026-13-41 is no date']) assert.deepEqual(shown(raw), [undefined, null, raw]);
  assert.deepEqual(shown('{"level":"loud","ts":"soon","msg":"x"}'), [undefined, null, 'x']);
});

test('hostile text obeys nobody and grows nothing', () => {
  const { text } = logLine('{"level":"error","msg":"\\u001b]0;title\\u0007\\u001b[2Jwiped \\u202etxt.exe\\u0000\\r\\nnext","key\\u001b[31m":"\\ud800"}');
  assert.equal(text, 'wiped txt.exenext key=\ufffd');
  assert.equal(logLine('x'.repeat(100_000)).text.length, 4001);
  assert.equal(logLine(`{"msg":"${'y'.repeat(5000)}"}`).text.at(-1), '…');
});
