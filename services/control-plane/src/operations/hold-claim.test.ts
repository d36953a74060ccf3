import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { leaseMs } from './claim-repository.ts';
import { holdClaim } from './hold-claim.ts';

const logger = pino({ level: 'silent' });

/** Holds a claim over a time that the test lets pass. */
function holding(t: TestContext, renew: () => Promise<boolean>) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  let renewals = 0;
  const ending = new AbortController();
  const held = holdClaim(() => ((renewals += 1), renew()), ending.signal, logger, () => now);
  const passes = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= leaseMs / 15) {
      now += leaseMs / 15;
      t.mock.timers.tick(leaseMs / 15);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { held, passes, ending, renewals: () => renewals, stall: (ms: number) => (now += ms) };
}

test('a claim is renewed several times in each lease, for as long as it is held', async (t) => {
  const { held, passes, renewals } = holding(t, () => Promise.resolve(true));
  await passes(leaseMs * 10);
  assert.equal(held.over.aborted, false);
  assert.ok(renewals() >= 30, `${renewals()}`);
  held[Symbol.dispose]();
  const before = renewals();
  await passes(leaseMs * 2);
  assert.equal(renewals(), before);
});

test('a claim that was taken over is lost at once', async (t) => {
  const { held, passes } = holding(t, () => Promise.resolve(false));
  await passes(leaseMs / 3);
  assert.match(String(held.over.reason), /taken over or cancelled/);
});

test('a database that fails, or does not answer at all, stops the step before the lease has run out', async (t) => {
  for (const renew of [() => Promise.reject(new Error('away')), () => new Promise<boolean>(() => undefined)]) {
    const { held, passes } = holding(t, renew);
    await passes(leaseMs * 0.6);
    assert.equal(held.over.aborted, false);
    await passes(leaseMs * 0.35);
    assert.match(String(held.over.reason), /could not be renewed in time/);
    held[Symbol.dispose]();
    t.mock.timers.reset();
  }
});

test('a process that stood still for a lease does not go on as if nothing had been', async (t) => {
  const { held, passes, renewals, stall } = holding(t, () => Promise.resolve(true));
  stall(leaseMs * 5);
  await passes(leaseMs / 5);
  assert.equal(held.over.aborted, true);
  assert.equal(renewals(), 0);
});

test('what is held ends with the worker, and a claim that was let go listens to it no more', async (t) => {
  const { held, ending } = holding(t, () => Promise.resolve(true));
  const reason = new Error('the worker ends');
  ending.abort(reason);
  assert.equal(held.over.reason, reason);
  held[Symbol.dispose]();

  const later = new AbortController();
  const released = holdClaim(() => Promise.resolve(true), later.signal, logger);
  released[Symbol.dispose]();
  later.abort();
  assert.equal(released.over.aborted, false);
  assert.equal(holdClaim(() => Promise.resolve(true), later.signal, logger).over.aborted, true);
});
