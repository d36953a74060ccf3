import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../errors.ts';
import { endOfBlock, hashPrefix, parseCheckpoint, printCheckpoint } from './checkpoint.ts';

const uid = '3f1f2d3c-0000-4000-8000-000000000001';
const hash = hashPrefix(new Uint8Array(32).fill(7));

test('a checkpoint comes back as it went out', () => {
  for (const position of [0, 17, endOfBlock]) {
    const checkpoint = { uid, block: 123, position, hash };
    assert.deepEqual(parseCheckpoint(printCheckpoint(checkpoint), uid), checkpoint);
  }
});

const codeOf = (text: string) => (error: unknown) => error instanceof ApiProblem && error.problems[0].code === text && error.problems[0].path === 'after' && error.problems[0].nextAction !== '';

test('one of another channel is refused, and what is none too', () => {
  const other = printCheckpoint({ uid: uid.replace('1', '2'), block: 1, position: 0, hash });
  assert.throws(() => parseCheckpoint(other, uid), codeOf('CONFLICT'));
  for (const text of ['', 'x', `${uid}.1.0`, `${uid}.-1.0.${hash}`, `${uid}.1.0.${hash}.`, `${uid}.${'9'.repeat(20)}.0.${hash}`]) assert.throws(() => parseCheckpoint(text, uid), codeOf('INVALID_INPUT'), text);
});
