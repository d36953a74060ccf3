import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRequestId } from './request-id.ts';

test('one JSON object without a request id gets one, and is otherwise left to the letter', () => {
  const { args, requestId } = withRequestId([' { "amount" : 12345678901234567890, "id":"N1" }'], 'r1');
  assert.equal(requestId, 'r1');
  assert.deepEqual(args, ['{"requestId":"r1", "amount" : 12345678901234567890, "id":"N1" }']);
  assert.equal(JSON.parse(args[0] ?? '').requestId, 'r1');
});

test('an empty object gets nothing but the request id', () => {
  assert.deepEqual(
    withRequestId(['{ }'], 'r1').args.map((arg) => JSON.parse(arg)),
    [{ requestId: 'r1' }],
  );
});

test('a request id that is there already stays', () => {
  const args = ['{"requestId":"mine","id":"N1"}'];
  assert.deepEqual(withRequestId(args, 'r1'), { args, requestId: 'mine' });
});

test('other forms of arguments are left alone: another contract may have its own', () => {
  for (const args of [[], ['plain'], ['[1]'], ['null'], ['"text"'], ['{}', '{}'], ['{broken']]) {
    assert.deepEqual(withRequestId(args, 'r1'), { args, requestId: undefined });
  }
});
