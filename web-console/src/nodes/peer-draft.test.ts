import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePeerName, inputOfPeer } from './peer-draft.ts';

test('a free name is proposed', () => {
  assert.equal(freePeerName([]), 'peer0');
  assert.equal(freePeerName(['peer0', 'peer2', 'orderer0']), 'peer1');
});

test('what is left empty is not sent', () => {
  const draft = { member: 'bank', name: 'peer1 ', channels: undefined, cpu: ' ', memory: '512Mi', storage: '', storageClass: '' };
  assert.deepEqual(inputOfPeer('trade', draft), { consortium: 'trade', member: 'bank', name: 'peer1', role: 'peer', memory: '512Mi' });
  assert.deepEqual(inputOfPeer('trade', { ...draft, memory: '', channels: [] }), { consortium: 'trade', member: 'bank', name: 'peer1', role: 'peer', channels: [] });
});
