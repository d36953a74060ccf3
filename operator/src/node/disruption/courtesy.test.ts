import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createCourtesy } from './courtesy.ts';

function world() {
  const clock = createFakeClock();
  const courtesy = createCourtesy(clock);
  /** Asked each second, as a node that waits does. @returns for how many seconds it lets others go first */
  const secondsUntilItGoes = async (couldGo: (second: number) => boolean): Promise<number> => {
    for (let second = 0; second < 1000; second += 1) {
      if (!courtesy.yields('leader', couldGo(second))) return second;
      await clock.advance(1_000);
    }
    return assert.fail('it never goes');
  };
  return { courtesy, secondsUntilItGoes };
}

test('a leader goes when nobody else has taken the turn for three seconds', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes(() => true), 3);
});

test('each time another has the turn, or something is in the way, the three seconds begin anew', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes((second) => second < 2 || second >= 40), 43);
});

test('others that want the turn again and again do not keep it for ever', async () => {
  const { secondsUntilItGoes } = world();
  assert.equal(await secondsUntilItGoes((second) => second % 30 === 0), 300);
});

test('another wish waits anew', async () => {
  const { courtesy, secondsUntilItGoes } = world();
  await secondsUntilItGoes(() => true);
  courtesy.forget('leader');
  assert.equal(await secondsUntilItGoes(() => true), 3);
});
