import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatFollows, type Deciding } from './what-follows.ts';

const follows = (deciding: Partial<Deciding>): string => {
  const following = whatFollows({ wanted: 'approved', before: undefined, operation: 'waiting', undecided: true, ...deciding });
  return following.kind === 'refuse' ? following.code : following.kind;
};

test('a decision that the operation waits for has it look again', () => {
  assert.equal(follows({}), 'ring');
  assert.equal(follows({ wanted: 'rejected' }), 'ring');
  assert.equal(follows({ before: 'rejected' }), 'ring');
});

test('what was said before does nothing, and an approval is not taken back', () => {
  assert.equal(follows({ before: 'approved' }), 'nothing');
  assert.equal(follows({ wanted: 'rejected', before: 'rejected', operation: 'succeeded', undecided: false }), 'nothing');
  assert.equal(follows({ wanted: 'rejected', before: 'approved' }), 'CONFLICT');
});

test('a late approval is refused while the commit is at work, and then an operation of its own', () => {
  assert.equal(follows({ operation: 'running', undecided: false }), 'BUSY');
  assert.equal(follows({ operation: 'succeeded', undecided: false }), 'late');
  assert.equal(follows({ wanted: 'rejected', operation: 'succeeded', undecided: false }), 'record');
});

test('after a failure it is written down for the retry', () => {
  assert.equal(follows({ operation: 'failed', before: 'rejected' }), 'record');
  assert.equal(follows({ operation: 'failed', undecided: false }), 'reopen');
});

test('nothing is decided on what is being taken back', () => {
  assert.equal(follows({ operation: 'cancelling' }), 'CONFLICT');
});
