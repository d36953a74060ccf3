import assert from 'node:assert/strict';
import test from 'node:test';
import { ready, stalled, waiting } from '../../outcome.ts';
import { withVerdict, type Verdict } from './verdict.ts';

const calm: Verdict = { changes: false, mayChange: true, mayLeave: false, again: false };
const unreachable = { ...waiting('Unreachable', 'It does not answer.'), degraded: { reason: 'Unreachable' as const, message: 'It does not answer.' } };

test('what nothing is to become of is told as it is', () => {
  for (const outcome of [ready('It runs.'), unreachable, stalled('InvalidSpec', 'So not.')]) assert.deepEqual(withVerdict(outcome, calm), outcome);
});

test('a change that may not come about yet is told with its cause, and what is degraded stays so', () => {
  assert.deepEqual(withVerdict(unreachable, { ...calm, changes: true, mayChange: false, waits: 'Not now.', again: true }), {
    ...unreachable, reason: 'WaitingForTurn', message: 'Another pod is to take the place of this one. It waits for its turn: Not now.', afterMs: 1_000,
  });
});

test('a pod that is to leave is as good as before, and whether it waits or may leave is told', () => {
  for (const outcome of [ready('It runs.'), unreachable]) {
    assert.deepEqual(withVerdict(outcome, { ...calm, mayLeave: true, again: true }), { ...outcome, message: `${outcome.message} Its machine is being emptied, and its pod may leave.`, afterMs: 1_000 });
    assert.deepEqual(withVerdict(outcome, { ...calm, waits: 'Not now.', again: true }), { ...outcome, message: `${outcome.message} Its machine is being emptied; its pod waits for its turn to leave: Not now.`, afterMs: 1_000 });
  }
});

test('who has the turn asks again, however long the wait would be otherwise, and no later than it would anyway', () => {
  const afterMs = (own: number): number | undefined => withVerdict(waiting('WaitingForPod', 'It comes.', own), { ...calm, again: true }).afterMs;
  assert.deepEqual([afterMs(4_000), afterMs(200)], [1_000, 200]);
});
