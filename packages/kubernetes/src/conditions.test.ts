import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isReady, isTrue, removeCondition, setCondition, setStanding } from './conditions.ts';
import type { Condition } from './types.ts';

const at = (text: string): number => Date.parse(text);
const ready = (status: Condition['status'], message = ''): Omit<Condition, 'lastTransitionTime'> => ({ type: 'Ready', status, reason: 'Because', message });

describe('conditions', () => {
  it('keep the time of their last transition while their status stays', () => {
    const first = setCondition(undefined, ready('False', 'one'), at('2026-01-01T00:00:00.123Z'));
    const second = setCondition(first, ready('False', 'two'), at('2026-01-02T00:00:00Z'));
    const third = setCondition(second, ready('True', 'three'), at('2026-01-03T00:00:00Z'));
    assert.deepEqual([first, second, third].map(([condition]) => [condition?.message, condition?.lastTransitionTime]), [
      ['one', '2026-01-01T00:00:00Z'], ['two', '2026-01-01T00:00:00Z'], ['three', '2026-01-03T00:00:00Z'],
    ]);
  });

  it('are the same list for the same conditions, in whichever order they were set', () => {
    const degraded: Omit<Condition, 'lastTransitionTime'> = { ...ready('True'), type: 'Degraded' };
    const now = at('2026-01-01T00:00:00Z');
    assert.deepEqual(setCondition(setCondition(undefined, ready('True'), now), degraded, now), setCondition(setCondition(undefined, degraded, now), ready('True'), now));
  });

  it('leave what they were given alone', () => {
    const before = Object.freeze(setCondition(undefined, ready('True'), 0));
    setCondition(before, ready('False'), 0);
    removeCondition(before, 'Ready');
    assert.equal(before[0]?.status, 'True');
  });

  it('stand as kstatus wants: Ready always, Reconciling and Stalled only while true, others untouched', () => {
    const degraded: Condition = { type: 'Degraded', status: 'True', reason: 'X', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const found = { generation: 3, now: at('2026-01-01T00:00:00Z') };
    const reconciling = setStanding([degraded], { kind: 'reconciling', reason: 'WaitingForPod', message: 'waits' }, found);
    const stalled = setStanding(reconciling, { kind: 'stalled', reason: 'InvalidSpec', message: 'cannot' }, { ...found, generation: 4 });
    const steady = setStanding(stalled, { kind: 'ready', reason: 'Ready', message: 'is' }, { ...found, generation: 5 });
    const short = (conditions: Condition[]): unknown[] => conditions.map(({ type, status, observedGeneration }) => [type, status, observedGeneration]);
    assert.deepEqual(short(reconciling), [['Degraded', 'True', undefined], ['Ready', 'False', 3], ['Reconciling', 'True', 3]]);
    assert.deepEqual(short(stalled), [['Degraded', 'True', undefined], ['Ready', 'False', 4], ['Stalled', 'True', 4]]);
    assert.deepEqual(short(steady), [['Degraded', 'True', undefined], ['Ready', 'True', 5]]);
  });

  it('count only for the generation that they were found for', () => {
    const object = (generation: number, observedGeneration?: number, deletionTimestamp?: string): Parameters<typeof isReady>[0] => ({
      apiVersion: 'v1', kind: 'X', metadata: { name: 'x', generation, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
      status: { conditions: [{ ...ready('True'), lastTransitionTime: '', ...(observedGeneration === undefined ? {} : { observedGeneration }) }] },
    });
    assert.deepEqual([isReady(object(2, 2)), isReady(object(3, 2)), isReady(object(3)), isReady(undefined)], [true, false, true, false]);
    assert.equal(isReady(object(2, 2, '2026-01-01T00:00:00Z')), false, 'what is being deleted is not ready');
    assert.equal(isTrue(object(2, 2), 'Degraded'), false);
  });
});
