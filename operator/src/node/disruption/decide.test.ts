import assert from 'node:assert/strict';
import test from 'node:test';
import { decideTurn, type Asked } from './decide.ts';

const calm: Asked = { changes: false, leaves: false, isDown: false, isSettled: true, turn: 'free', obstacle: undefined };
const decide = (change: Partial<Asked>) => decideTurn({ ...calm, ...change });

test('a pod goes when the turn is free and nothing is in the way', () => {
  for (const wish of [{ changes: true }, { leaves: true }]) {
    assert.deepEqual(decide(wish), { go: true, turn: 'take' });
    assert.deepEqual(decide({ ...wish, turn: 'own' }), { go: true });
    assert.deepEqual(decide({ ...wish, turn: 'other' }), { go: false });
    assert.deepEqual(decide({ ...wish, obstacle: 'orderer1 is down' }), { go: false });
  }
});

test('what is down already may change, whoever has the turn: it loses nothing, and it may be the mend', () => {
  for (const turn of ['own', 'other', 'free'] as const) assert.deepEqual(decide({ changes: true, isDown: true, isSettled: false, turn, obstacle: 'orderer1 is down' }), { go: true });
});

test('a turn is kept until the pod is back and settled, and then given back', () => {
  assert.deepEqual(decide({ turn: 'own', isSettled: false }), { go: false });
  assert.deepEqual(decide({ turn: 'own', isSettled: false, isDown: true }), { go: false });
  assert.deepEqual(decide({ turn: 'own' }), { go: false, turn: 'return' });
  assert.deepEqual(decide({ turn: 'other' }), { go: false });
});

test('a pod that has left its machine and waits for another keeps the turn', () => {
  assert.deepEqual(decide({ leaves: true, isDown: true, isSettled: false, turn: 'own', obstacle: 'orderer1 is down' }), { go: true });
});

test('who has the turn and finds another node down gives it back as long as nothing has begun', () => {
  assert.deepEqual(decide({ changes: true, turn: 'own', obstacle: 'orderer1 is down' }), { go: false, turn: 'return' });
  assert.deepEqual(decide({ changes: true, turn: 'own', obstacle: 'orderer1 is down', isSettled: false }), { go: false });
});
