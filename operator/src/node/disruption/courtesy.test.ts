import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createCourtesy } from './courtesy.ts';

function world() {
  const clock = createFakeClock();
  const courtesy = createCourtesy(clock);
  /** Asked each second, as a node that waits does; nothing but `holder` is in the way. @returns for how many seconds it lets others go first */
  const secondsUntilItGoes = async (holder: (second: number) => string | undefined): Promise<number> => {
    for (let second = 0; second < 2000; second += 1) {
      if (!courtesy.yields('leader', holder(second) === undefined, holder(second))) return second;
      await clock.advance(1_000);
    }
    return assert.fail('it never goes');
  };
  return { courtesy, secondsUntilItGoes };
}

test('a leader goes when nobody else has taken the turn for three seconds', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes(() => undefined), 3);
});

test('each time another has the turn, the three seconds begin anew', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes((second) => (second >= 2 && second < 40 ? 'other' : undefined)), 43);
});

test('however many others there are, all go first', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes((second) => (second < 1200 && second % 40 > 0 ? `other${Math.floor(second / 40)}` : undefined)), 1203);
});

test('others that take the turn again and again do not keep it for ever', async () => {
  const { secondsUntilItGoes } = world();
  const seconds = await secondsUntilItGoes((second) => (second % 30 === 0 ? undefined : ['one', 'two'][Math.floor(second / 30) % 2]));
  assert.equal(seconds, 61 + 300, 'the first of them has it again after a minute');
});

test('what comes and goes does not keep it for ever either', async () => {
  const clock = createFakeClock();
  const courtesy = createCourtesy(clock);
  let seconds = 0;
  for (; courtesy.yields('leader', seconds % 3 === 0, undefined); seconds += 1) await clock.advance(1_000);
  assert.equal(seconds, 1 + 300);
});

test('another wish waits anew', async () => {
  const { courtesy, secondsUntilItGoes } = world();
  await secondsUntilItGoes(() => undefined);
  courtesy.forget('leader');
  assert.equal(await secondsUntilItGoes(() => undefined), 3);
});
