import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createAdmission, decide, type Judgement } from './admission.ts';

const audience = 'guildhall-ledger-gateway';
const user = 'system:serviceaccount:guildhall:guildhall-control-plane';
const allowed = new Set([user]);
const good: Judgement = { authenticated: true, user, audiences: [audience] };

/** The judgements in their order; the last one stays. */
function scripted(...judgements: (Judgement | Error)[]) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const judge = async (token: string): Promise<Judgement> => {
    asked.push(token);
    const judgement = judgements.length > 1 ? judgements.shift() : judgements[0];
    if (judgement === undefined || judgement instanceof Error) throw judgement ?? new Error('nothing was scripted');
    return judgement;
  };
  return { clock, asked, admission: createAdmission({ judge, audience, allowed, clock }) };
}

test('who is known, for this audience and by name, is let in; everybody else is refused with what to do', () => {
  assert.deepEqual(decide(good, audience, allowed), { admitted: true, caller: user });
  const refused: [Judgement, number, RegExp][] = [
    [{ authenticated: false }, 401, /audience guildhall-ledger-gateway/],
    [{ ...good, audiences: ['another'] }, 401, /audience/],
    // A server that knows no audiences.
    [{ ...good, audiences: [] }, 401, /audience/],
    [{ ...good, user: 'system:serviceaccount:guildhall:default' }, 403, /GUILDHALL_ALLOWED_CALLERS/],
    [{ ...good, user: 'guildhall-control-plane' }, 403, /GUILDHALL_ALLOWED_CALLERS/],
  ];
  for (const [judgement, status, action] of refused) {
    const verdict = decide(judgement, audience, allowed);
    if (verdict.admitted) throw new Error('let in');
    assert.equal(verdict.status, status);
    assert.match(verdict.nextAction, action);
  }
  assert.equal(decide(good, audience, new Set()).admitted, false);
});

test('a good word is remembered for a minute and no longer; of another token nothing is known by it', async () => {
  const { clock, asked, admission } = scripted(good, { authenticated: false });
  assert.equal((await admission.admit('one')).admitted, true);
  await clock.advance(59_999);
  assert.equal((await admission.admit('one')).admitted, true);
  assert.deepEqual(asked, ['one']);
  assert.equal((await admission.admit('two')).admitted, false);
  await clock.advance(1);
  assert.equal((await admission.admit('one')).admitted, false);
  assert.deepEqual(asked, ['one', 'two', 'one']);
});

test('a refusal is not remembered, and neither is that the cluster could not be asked', async () => {
  const { asked, admission } = scripted({ authenticated: false }, new Error('the API server is away'), good);
  assert.equal(statusOf(await admission.admit('one')), 401);
  const away = await admission.admit('one');
  assert.equal(statusOf(away), 503);
  assert.match(JSON.stringify(away), /the API server is away/);
  assert.equal((await admission.admit('one')).admitted, true);
  assert.equal(asked.length, 3);
});

test('calls that come together ask once, and strangers cannot make it ask without end', async () => {
  const clock = createFakeClock();
  const answer = Promise.withResolvers<Judgement>();
  let asked = 0;
  const admission = createAdmission({ judge: () => (asked++, answer.promise), audience, allowed, clock });
  const same = [admission.admit('same'), admission.admit('same')];
  const others = Array.from({ length: 30 }, (_, index) => admission.admit(`other ${index}`));
  answer.resolve(good);
  assert.deepEqual((await Promise.all(same)).map(({ admitted }) => admitted), [true, true]);
  const statuses = (await Promise.all(others)).map(statusOf);
  assert.equal(asked, 16);
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 503).length], [15, 15]);
});

test('no token, and one that is far too long, are refused without asking', async () => {
  const { asked, admission } = scripted(good);
  for (const token of [undefined, 'x'.repeat(16_385)]) assert.equal(statusOf(await admission.admit(token)), 401);
  assert.deepEqual(asked, []);
});

const statusOf = (verdict: Awaited<ReturnType<ReturnType<typeof createAdmission>['admit']>>): number => (verdict.admitted ? 200 : verdict.status);
