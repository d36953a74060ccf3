import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, TransportError } from '@guildhall/kubernetes';
import { DatabaseError } from 'pg';
import { pino } from 'pino';
import { createOutageLog, isAway, untilAnswered } from './availability.ts';

const withCode = (error: Error, code: string): Error => Object.assign(error, { code });
const fromPostgres = (code: string): Error => withCode(new DatabaseError('in the words of the server', 10, 'error'), code);

test('what is away is told from what is wrong', () => {
  const away = [
    withCode(new Error('connect'), 'ECONNREFUSED'), withCode(new Error('read'), 'ECONNRESET'), fromPostgres('57P01'), fromPostgres('57P03'), fromPostgres('53300'), fromPostgres('08006'),
    new Error('Connection terminated unexpectedly'), new Error('timeout exceeded when trying to connect'), new TransportError('Unreachable', 'x'), new ApiError(503, 'ServiceUnavailable', 'x'),
    new ApiError(429, 'TooManyRequests', 'x'), new Error('wrapped', { cause: withCode(new Error('inner'), 'EPIPE') }),
  ];
  for (const error of away) assert.equal(isAway(error), true, error.message);
  const wrong = [new TypeError('x is not a function'), fromPostgres('23505'), fromPostgres('42P01'), new ApiError(422, 'Invalid', 'x'), new ApiError(403, 'Forbidden', 'x'), withCode(new Error('x'), 'ENOENT'), 'a string', undefined];
  for (const error of wrong) assert.equal(isAway(error), false, String(error));
});

test('an outage is said once, and once that it is over', () => {
  const lines: { level: number; msg: string }[] = [];
  const outage = createOutageLog(pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) }), 'writing');
  outage.worked();
  for (let count = 0; count < 5; count += 1) outage.failed(new Error('away'));
  outage.worked();
  outage.worked();
  assert.deepEqual(lines.map(({ level, msg }) => [level, msg]), [[40, 'writing failed; it is tried again until it works'], [30, 'writing works again']]);
});

test('only what is away is waited for', async () => {
  const silent = createOutageLog(pino({ level: 'silent' }), 'x');
  let calls = 0;
  const result = await untilAnswered(() => ((calls += 1) < 3 ? Promise.reject(withCode(new Error('x'), 'ECONNREFUSED')) : Promise.resolve('there')), silent, new AbortController().signal);
  assert.equal(result, 'there');
  await assert.rejects(untilAnswered(() => Promise.reject(new TypeError('wrong')), silent, new AbortController().signal), TypeError);
});
