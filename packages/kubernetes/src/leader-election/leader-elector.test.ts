import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { collectLogs } from '../../test/support/logs.ts';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import { LeadershipLostError } from '../controller/errors.ts';
import { type Lease, leases } from '../core.ts';
import { createMetrics } from '../metrics.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { createFaultPlan, type FaultPlan } from '../testing/faults.ts';
import { createLeaderElector, type LeaderElectorOptions, type Leadership } from './leader-elector.ts';

describe('leader election', () => {
  const lease = { namespace: 'guildhall', name: 'operator' };
  let clock: FakeClock;
  let api: ReturnType<typeof createMemoryApi>;
  let stop: AbortController;
  let led: Leadership[];

  beforeEach(() => {
    clock = createFakeClock();
    api = createMemoryApi();
    stop = new AbortController();
    led = [];
  });
  afterEach(async () => {
    stop.abort();
    for (const leadership of led) await leadership.release();
    await clock.settle();
  });

  interface Candidate {
    leadership?: Leadership;
    faults: FaultPlan;
  }

  async function join(identity: string, options: Partial<LeaderElectorOptions> = {}): Promise<Candidate> {
    const faults = createFaultPlan();
    const client = memoryClient(faults.wrap(api.fetch), { clock, attempts: 1 });
    const candidate: Candidate = { faults };
    const elector = createLeaderElector({ client, lease, identity, clock, random: () => 0.5, ...options });
    void (async () => {
      try {
        candidate.leadership = await elector.acquire(stop.signal);
        led.push(candidate.leadership);
      } catch (error) {
        if (error !== stop.signal.reason) throw error;
      }
    })();
    await clock.settle();
    return candidate;
  }
  const onlooker = (): ReturnType<typeof memoryClient> => memoryClient(api.fetch);
  const current = async (): Promise<NonNullable<Lease['spec']>> => {
    const found = await onlooker().get(leases, lease);
    return found?.spec ?? {};
  };
  const leads = ({ leadership }: Candidate): boolean => leadership?.holds() === true;

  it('makes the lease with times of six digits of fraction, which the API server insists on', async () => {
    const first = await join('first');
    assert.equal(leads(first), true);
    assert.deepEqual(await current(), {
      holderIdentity: 'first', leaseDurationSeconds: 15, acquireTime: '2026-01-01T00:00:00.000000Z', renewTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 1,
    });
  });

  it('renews every 2 s and keeps others out for as long as it does', async () => {
    const first = await join('first');
    const second = await join('second');
    await clock.advance(120_000);
    assert.deepEqual([leads(first), leads(second)], [true, false]);
    assert.equal((await current()).renewTime, '2026-01-01T00:02:00.000000Z');
  });

  it('goes to another within 20 s after the leader died, with a higher epoch', async () => {
    const first = await join('first');
    const second = await join('second');
    await clock.advance(31_000);
    const diedAt = clock.now();
    first.faults.kill();
    while (!second.leadership && clock.now() - diedAt < 60_000) await clock.advance(100);
    assert.ok(clock.now() - diedAt < 20_000, `${clock.now() - diedAt} ms`);
    assert.ok(second.leadership!.epoch > first.leadership!.epoch);
  });

  it('is never held by two at once: the dead leader stops before another may begin', async () => {
    const first = await join('first');
    const second = await join('second');
    await clock.advance(5_000);
    first.faults.kill();
    for (let step = 0; step < 300; step++) {
      await clock.advance(100);
      assert.ok(!(leads(first) && leads(second)), `both after ${step * 100} ms`);
    }
    assert.deepEqual([leads(first), leads(second)], [false, true]);
    assert.ok(first.leadership!.signal.reason instanceof LeadershipLostError);
    assert.match(first.leadership!.signal.reason.message, /not renewed within 10000 ms/);
  });

  it('judges expiry by what it sees itself, not by the clock of the other', async () => {
    await onlooker().create(leases, {
      metadata: { ...lease },
      // The other's clock is a year behind.
      spec: { holderIdentity: 'other', leaseDurationSeconds: 15, renewTime: '2025-01-01T00:00:00.000000Z', leaseTransitions: 4 },
    });
    const late = await join('late');
    await clock.advance(14_900);
    assert.equal(leads(late), false);
    await clock.advance(200);
    assert.equal(leads(late), true);
    assert.equal(late.leadership!.epoch, 5);
  });

  it('is not moved by somebody who sets the time', async () => {
    const first = await join('first');
    const second = await join('second');
    clock.setWall(Date.parse('2030-01-01T00:00:00Z'));
    await clock.advance(60_000);
    assert.deepEqual([leads(first), leads(second)], [true, false]);
  });

  it('passes on without waiting when the leader gives it back', async () => {
    const first = await join('first');
    const second = await join('second');
    await clock.advance(10_000);
    await first.leadership!.release();
    assert.equal((await current()).holderIdentity, undefined);
    await clock.advance(2_500);
    assert.equal(leads(second), true);
    assert.equal(first.leadership!.signal.aborted, false, 'giving back is not losing');
  });

  it('goes to one only when two reach for it at once', async () => {
    const candidates = await Promise.all(['a', 'b', 'c'].map((identity) => join(identity)));
    await clock.advance(5_000);
    assert.equal(candidates.filter(leads).length, 1);
  });

  it('outlives errors shorter than the deadline', async () => {
    const first = await join('first');
    first.faults.fail(2, { status: 500 });
    await clock.advance(4_100);
    first.faults.throttle(1, 1);
    await clock.advance(60_000);
    assert.equal(leads(first), true);
  });

  it('recognises its own renewal whose answer was lost', async () => {
    const first = await join('first');
    await clock.advance(2_000);
    const { fetch } = api;
    let lose = true;
    const client = memoryClient(
      async (url, init) => {
        const response = await fetch(url, init);
        if (init.method !== 'PATCH' || !lose) return response;
        lose = false;
        throw new Error('connection reset');
      },
      { clock, attempts: 1 },
    );
    await first.leadership!.release();
    const second = createLeaderElector({ client, lease, identity: 'second', clock });
    const acquiring = second.acquire(stop.signal);
    await clock.advance(5_000);
    led.push(await acquiring);
    assert.equal(led.at(-1)!.holds(), true);
    lose = true;
    await clock.advance(30_000);
    assert.equal(led.at(-1)!.holds(), true);
  });

  it('is lost at once when somebody else has it or it is gone', async () => {
    const logs = collectLogs();
    const metrics = createMetrics();
    const first = await join('first', { logger: logs, metrics });
    assert.match(await metrics.text(), /guildhall_leader\{lease="guildhall\/operator"\} 1/);
    await onlooker().mergePatch(leases, lease, { spec: { holderIdentity: 'usurper' } });
    await clock.advance(2_000);
    assert.match((first.leadership!.signal.reason as Error).message, /held by usurper/);
    assert.match(await metrics.text(), /guildhall_leader\{lease="guildhall\/operator"\} 0/);
    assert.ok(logs.lines.some(({ level, message }) => level === 'error' && message.includes('lost')));

    await onlooker().delete(leases, lease);
    const second = await join('second');
    await onlooker().delete(leases, lease);
    await clock.advance(2_000);
    assert.equal(second.leadership!.signal.aborted, true);
  });

  it('does not hold when the process was suspended past the deadline, even before any timer has run', async () => {
    let suspendedMs = 0;
    const suspended: FakeClock = { ...clock, monotonic: () => clock.monotonic() + suspendedMs };
    const first = await join('first', { clock: suspended });
    assert.equal(leads(first), true);
    suspendedMs = 11_000;
    assert.equal(first.leadership!.holds(), false);
  });

  it('takes the means to write from whoever holds a client of the leader', async () => {
    const client = memoryClient(api.fetch, { clock });
    const elector = createLeaderElector({ client, lease, identity: 'one', clock });
    const fenced = client.withSignal(elector.lost);
    led.push(await elector.acquire(stop.signal));
    await fenced.apply(leases, { metadata: { namespace: 'n', name: 'while-leading' } });
    await client.mergePatch(leases, lease, { spec: { holderIdentity: 'usurper' } });
    await clock.advance(2_000);
    await assert.rejects(fenced.apply(leases, { metadata: { namespace: 'n', name: 'too-late' } }), LeadershipLostError);
    assert.equal(await client.get(leases, { namespace: 'n', name: 'too-late' }), undefined);
  });

  it('waits for a server that does not answer, and ends when it is told to', async () => {
    const faults = createFaultPlan();
    faults.kill();
    const elector = createLeaderElector({ client: memoryClient(faults.wrap(api.fetch), { clock }), lease, identity: 'x', clock });
    const acquiring = elector.acquire(stop.signal);
    await clock.advance(90_000);
    stop.abort(new Error('stopped'));
    await assert.rejects(acquiring, /stopped/);
  });
});
