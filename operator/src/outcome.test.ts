import assert from 'node:assert/strict';
import test from 'node:test';
import { conditionsOf, isReady, ready, stalled, waiting } from './outcome.ts';

const at = (now: string, generation = 1): { generation: number; now: number } => ({ generation, now: Date.parse(now) });

test('Reconciling and Stalled are there only while they are true', () => {
  const types = (outcome: Parameters<typeof conditionsOf>[0]): string[] => conditionsOf(outcome, [], at('2026-01-01')).map(({ type, status }) => `${type}=${status}`);
  assert.deepEqual(types(ready('fine')), ['Ready=True']);
  assert.deepEqual(types(ready('fine', { reason: 'BehindOthers', message: 'a bit' })), ['Degraded=True', 'Ready=True']);
  assert.deepEqual(types(waiting('WaitingForPod', 'soon')), ['Ready=False', 'Reconciling=True']);
  assert.deepEqual(types(stalled('InvalidSpec', 'no')), ['Ready=False', 'Stalled=True']);
});

test('a time changes with its status, not with its words', () => {
  const first = conditionsOf(waiting('WaitingForPod', 'soon'), [], at('2026-01-01'));
  const second = conditionsOf(waiting('WaitingForVolume', 'later'), first, at('2026-01-02'));
  assert.equal(second.find(({ type }) => type === 'Ready')?.lastTransitionTime, '2026-01-01T00:00:00Z');
  const third = conditionsOf(ready('fine'), second, at('2026-01-03'));
  assert.equal(third[0]?.lastTransitionTime, '2026-01-03T00:00:00Z');
});

test('ready counts for the generation that it was found for', () => {
  const conditions = conditionsOf(ready('fine'), [], at('2026-01-01', 1));
  assert.equal(isReady({ metadata: { generation: 1 }, status: { conditions } }), true);
  assert.equal(isReady({ metadata: { generation: 2 }, status: { conditions } }), false);
  assert.equal(isReady({ metadata: {} }), false);
});
