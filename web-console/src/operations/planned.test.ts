import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Live } from '../graphql/live.ts';
import { RequestFailed, unreachable, type ApiProblem } from '../graphql/problem.ts';
import { answered, plannedOf, type Answer } from './planned.ts';

const at = new Date('2026-01-02T03:04:05Z');
const busy: ApiProblem = { code: 'BUSY', message: 'another operation is changing the consortium' };
const wrong: ApiProblem = { code: 'INVALID_INPUT', path: 'storage', message: 'storage: a volume can only grow' };
const lost = unreachable(new Error('reset')).problems[0];
const loading = { state: 'loading' } as const;
const live = (data: Answer<string>): Live<Answer<string>> => ({ state: 'live', data, heardAt: at });
const planOfA = live({ asked: 'a', plan: 'becomes a' });

test('the answer to a dry run is of what was asked: a plan, or all that is said against it', async () => {
  assert.deepEqual(await answered('a', () => Promise.resolve('becomes a')), { asked: 'a', plan: 'becomes a' });
  assert.deepEqual(await answered('a', () => Promise.reject(new RequestFailed([wrong, busy]))), { asked: 'a', refused: [wrong, busy] });
});

test('a dry run that fails in passing has no answer, so that it is asked again', async () => {
  await assert.rejects(answered('a', () => Promise.reject(unreachable(new Error('reset')))), RequestFailed);
  const again = plannedOf({ asked: 'a', settled: 'a', answer: { state: 'error', problem: lost, retrying: true }, sent: undefined });
  assert.deepEqual(again, { plan: undefined, whyNoPlan: 'retrying', problems: [lost] }, 'nothing is there to mend');
  assert.deepEqual(plannedOf({ asked: 'a', settled: 'a', answer: planOfA, sent: undefined }), { plan: 'becomes a', whyNoPlan: undefined, problems: [] });
});

test('while something else is asked, nothing of the former stands beside it', () => {
  const planning = { plan: undefined, whyNoPlan: 'planning', problems: [] };
  const formers: Live<Answer<string>>[] = [loading, planOfA, live({ asked: 'a', refused: [wrong] }), { state: 'error', problem: lost, retrying: true }];
  for (const answer of formers) assert.deepEqual(plannedOf({ asked: 'b', settled: 'a', answer, sent: undefined }), planning);
  assert.deepEqual(plannedOf({ asked: 'b', settled: 'b', answer: planOfA, sent: undefined }), planning, 'nor until it is answered');
});

test('a refusal of what was sent stands beside its plan, and not beside another one', () => {
  const sent = { asked: 'a', problems: [busy] };
  assert.deepEqual(plannedOf({ asked: 'a', settled: 'a', answer: planOfA, sent }), { plan: 'becomes a', whyNoPlan: undefined, problems: [busy] });
  assert.deepEqual(plannedOf({ asked: 'b', settled: 'b', answer: live({ asked: 'b', plan: 'becomes b' }), sent }), { plan: 'becomes b', whyNoPlan: undefined, problems: [] });
});

test('a plan that is refused says why; where nothing is asked, nothing is said', () => {
  assert.deepEqual(plannedOf({ asked: 'a', settled: 'a', answer: live({ asked: 'a', refused: [wrong] }), sent: undefined }), { plan: undefined, whyNoPlan: 'refused', problems: [wrong] });
  assert.deepEqual(plannedOf({ asked: '', settled: 'a', answer: planOfA, sent: { asked: '', problems: [busy] } }), { plan: undefined, whyNoPlan: undefined, problems: [] });
});

test('a plan that is known stays while it cannot be asked for once more', () => {
  const stale: Live<Answer<string>> = { state: 'stale', data: { asked: 'a', plan: 'becomes a' }, since: at, problem: lost };
  assert.equal(plannedOf({ asked: 'a', settled: 'a', answer: stale, sent: undefined }).plan, 'becomes a');
});
