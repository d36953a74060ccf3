import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as assertProperty, asyncProperty, constantFrom, record } from 'fast-check';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** Everything that can be had at once. */
async function take(queue: WorkQueue, clock: { settle(): Promise<void> }, count: number): Promise<string[]> {
  const taken: string[] = [];
  for (let index = 0; index < count; index++) void queue.next().then((item) => item && taken.push(item.key));
  await clock.settle();
  return taken;
}

describe('the work queue', () => {
  it('hands out a key once, however often it was added', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    assert.equal(queue.depth(), 2);
    assert.deepEqual(await take(queue, clock, 4), ['a', 'b']);
  });

  it('hands a key that is added to whoever waits, without time passing', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    const next = queue.next();
    queue.add('a');
    assert.deepEqual(await next, { key: 'a', priority: 'normal' });
  });

  it('never hands out a key that is being worked on, and once more when it was added meanwhile', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    queue.add('a');
    await queue.next();
    queue.add('a');
    queue.add('a');
    assert.equal(queue.depth(), 0);
    queue.done('a');
    assert.equal(queue.depth(), 1);
    assert.deepEqual(await queue.next(), { key: 'a', priority: 'normal' });
    queue.done('a');
    assert.equal(queue.depth(), 0);
  });

  it("puts users' changes before a resync, and a key that waits at low priority moves up", async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    for (const key of ['a', 'b', 'c']) queue.add(key, 'low');
    queue.add('user');
    queue.add('c');
    assert.deepEqual(await take(queue, clock, 4), ['user', 'c', 'a', 'b']);
  });

  it('keeps the higher priority of what was added while it was worked on', async () => {
    const queue = createWorkQueue({ clock: createFakeClock() });
    queue.add('a');
    await queue.next();
    queue.add('a', 'normal');
    queue.add('a', 'low');
    queue.done('a');
    assert.equal((await queue.next())?.priority, 'normal');
  });

  it('waits for its time with what is added for later, and takes the earliest of several times', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    queue.addAfter('a', 1_000);
    queue.addAfter('a', 200);
    queue.addAfter('a', 500);
    await clock.advance(199);
    assert.equal(queue.depth(), 0);
    await clock.advance(1);
    assert.equal(queue.depth(), 1);
    await queue.next();
    queue.done('a');
    await clock.advance(2_000);
    assert.equal(queue.depth(), 0, 'the later times were taken back');
  });

  it('waits longer after each failure, up to a limit, and starts over when the key is forgotten', () => {
    const queue = createWorkQueue({ clock: createFakeClock(), random: () => 0 });
    const waits = Array.from({ length: 20 }, () => queue.addRateLimited('a'));
    assert.deepEqual(waits.slice(0, 5), [5, 10, 20, 40, 80]);
    assert.equal(waits.at(-1), 300_000);
    assert.equal(queue.failures('a'), 20);
    queue.forget('a');
    assert.equal(queue.failures('a'), 0);
    assert.equal(queue.addRateLimited('a'), 5);
  });

  it('spreads retries at random over the second half of the wait', () => {
    const waits = [0, 0.5, 1].map((value) => createWorkQueue({ clock: createFakeClock(), random: () => value, limits: { baseMs: 100 } }).addRateLimited('a'));
    assert.deepEqual(waits, [100, 75, 50]);
  });

  it('limits the retries of all keys together, and never delays what is new', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock, random: () => 0, limits: { perSecond: 10, burst: 3 } });
    const waits = ['a', 'b', 'c', 'd', 'e'].map((key) => queue.addRateLimited(key));
    assert.deepEqual(waits, [5, 5, 5, 100, 200]);
    for (let index = 0; index < 1_000; index++) queue.add(`new-${index}`);
    assert.equal((await take(queue, clock, 1_000)).length, 1_000);
  });

  it('drops a time that was set when the key is forgotten', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    queue.addAfter('a', 100);
    queue.forget('a');
    await clock.advance(1_000);
    assert.equal(queue.depth(), 0);
    assert.equal(clock.pending(), 0);
  });

  it('closes: hands out nothing more, and is drained when what it handed out is done', async () => {
    const clock = createFakeClock();
    const queue = createWorkQueue({ clock });
    queue.add('running');
    await queue.next();
    const idle = queue.next();
    queue.addAfter('later', 100);
    queue.close();
    assert.equal(await idle, undefined);
    assert.equal(await queue.next(), undefined);
    let drained = false;
    void queue.drained().then(() => (drained = true));
    await clock.settle();
    assert.equal(drained, false);
    queue.add('running');
    queue.done('running');
    await queue.drained();
    assert.equal(await queue.next(), undefined);
    assert.equal(queue.depth(), 0);
    assert.equal(clock.pending(), 0);
  });

  it('drops what waits when it is closed', async () => {
    const queue = createWorkQueue({ clock: createFakeClock() });
    queue.add('waiting');
    queue.close();
    assert.equal(queue.depth(), 0);
    assert.equal(await queue.next(), undefined);
  });

  it('holds for any sequence: no key twice at once, and every key that was added is handed out after that', async () => {
    const action = record({ kind: constantFrom('add', 'low', 'after', 'limited', 'take', 'done', 'time'), key: constantFrom('a', 'b', 'c') });
    await assertProperty(
      asyncProperty(array(action, { maxLength: 60 }), async (actions) => {
        const clock = createFakeClock();
        const queue = createWorkQueue({ clock, random: () => 0.5 });
        const working = new Set<string>();
        const owed = new Set<string>();
        const taking = async (): Promise<void> => {
          const item = await queue.next();
          if (!item) return;
          twice ||= working.has(item.key);
          working.add(item.key);
          owed.delete(item.key);
        };
        let twice = false;
        const acts: Record<string, (key: string) => void | Promise<void>> = {
          add: (key) => (owed.add(key), queue.add(key)),
          low: (key) => (owed.add(key), queue.add(key, 'low')),
          after: (key) => (owed.add(key), queue.addAfter(key, 30)),
          limited: (key) => void (owed.add(key), queue.addRateLimited(key)),
          take: () => void taking(),
          done: (key) => void (working.delete(key) && queue.done(key)),
          time: () => clock.advance(20),
        };
        for (const { kind, key } of actions) {
          await acts[kind]?.(key);
          await Promise.resolve();
          await Promise.resolve();
        }
        // Quiet: everything is finished and time passes.
        for (let round = 0; round < 6; round++) {
          for (const key of working) queue.done(key);
          working.clear();
          for (let taker = 0; taker < 3; taker++) void taking();
          await clock.advance(1_000);
        }
        assert.equal(twice, false);
        assert.deepEqual([...owed], []);
        queue.close();
      }),
      { numRuns: 60 },
    );
  });
});
