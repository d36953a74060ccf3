import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createHeights } from './heights.ts';
import { createMonitor, type Probe } from './monitor.ts';

function watched(probe: Probe<number>) {
  const clock = createFakeClock();
  const told: number[] = [];
  const errors: unknown[] = [];
  const monitor = createMonitor<number>({ clock, same: Object.is, onChange: (_key, seen) => told.push(seen), onError: (_key, error) => errors.push(error) });
  monitor.watch('node', 'first', probe);
  return { clock, monitor, told, errors };
}

test('it looks often at first and once a second later, and tells of changes only', async () => {
  let looks = 0;
  const { clock, told } = watched(async () => (looks++ < 3 ? 1 : 2));
  await clock.advance(100);
  assert.ok(looks >= 2, `${looks} looks in 100 ms`);
  await clock.advance(60_000);
  const before = looks;
  await clock.advance(10_000);
  assert.equal(looks - before, 10);
  assert.deepEqual(told, [1, 2]);
});

test('an answer that is nothing is told once, too', async () => {
  const clock = createFakeClock();
  let told = 0;
  const monitor = createMonitor<string | undefined>({ clock, same: Object.is, onChange: () => (told += 1), onError: () => assert.fail() });
  monitor.watch('node', 'first', async () => undefined);
  await clock.advance(60_000);
  monitor.close();
  assert.equal(told, 1);
});

test('another process is another life: what was seen of the former is forgotten', async () => {
  const { clock, monitor } = watched(async () => 1);
  await clock.settle();
  assert.equal(monitor.last('node'), 1);
  monitor.watch('node', 'first', async () => 2);
  assert.equal(monitor.last('node'), 1, 'the same life goes on');
  const slow = Promise.withResolvers<number>();
  monitor.watch('node', 'second', () => slow.promise);
  assert.equal(monitor.last('node'), undefined);
  monitor.forget('node');
  slow.resolve(3);
  await clock.advance(5_000);
  assert.equal(monitor.last('node'), undefined, 'an answer that comes too late is nobody’s');
});

test('a look that is asked for counts, and an older answer does not overwrite it', async () => {
  const answers: PromiseWithResolvers<number>[] = [];
  const { clock, monitor } = watched(() => {
    answers.push(Promise.withResolvers<number>());
    return answers.at(-1)!.promise;
  });
  await clock.advance(1);
  const look = monitor.look('node');
  answers[1]!.resolve(2);
  await look;
  answers[0]!.resolve(1);
  await clock.settle();
  assert.equal(monitor.last('node'), 2);
});

test('what is well is asked less often, and often enough again once something has changed', async () => {
  const clock = createFakeClock();
  let looks = 0;
  const monitor = createMonitor<number>({ clock, same: Object.is, isWell: (seen) => seen === 1, onChange: () => undefined, onError: () => undefined });
  monitor.watch('node', 'first', async () => (looks++, looks < 4 ? 0 : 1));
  await clock.advance(149);
  assert.equal(looks, 4);
  await clock.advance(30_000);
  const slow = looks;
  await monitor.look('node');
  await clock.advance(400);
  assert.ok(looks - slow >= 3, `${looks - slow} looks, the one asked for among them`);
});

test('a probe that fails is told, and does not end the watch', async () => {
  let looks = 0;
  const { clock, told, errors } = watched(async () => {
    if (looks++ === 0) throw new TypeError('a bug');
    return 1;
  });
  await clock.advance(1_000);
  assert.equal(errors.length, 1);
  assert.deepEqual(told, [1]);
});

test('a node is behind when it misses what another had a while ago', async () => {
  const clock = createFakeClock();
  const heights = createHeights(clock);
  heights.saw('trade', 5);
  assert.equal(heights.isLevel('trade', 5), true);
  assert.equal(heights.isLevel('trade', 4), true, 'a block came between the first looks');
  assert.equal(heights.isLevel('trade', 3), false);
  await clock.advance(500);
  assert.equal(heights.isLevel('trade', 4), false);
  await clock.advance(3_000);
  heights.saw('trade', 6);
  assert.equal(heights.isLevel('trade', 5), true, 'block 6 has only just been seen');
  await clock.advance(3_000);
  assert.equal(heights.isLevel('trade', 5), false);
  assert.equal(heights.highest('trade'), 6);
});

test('several blocks in the first second of a channel leave no node behind that was looked at before them', async () => {
  const clock = createFakeClock();
  const heights = createHeights(clock);
  heights.saw('trade', 1);
  await clock.advance(700);
  for (const height of [2, 3, 4]) heights.saw('trade', height);
  await clock.advance(1_000);
  assert.equal(heights.isLevel('trade', 1), true);
  await clock.advance(1_500);
  assert.equal(heights.isLevel('trade', 1), false);
  assert.equal(heights.isLevel('trade', 4), true);
});

test('for how long all is well is counted from the last time that it was not', async () => {
  const clock = createFakeClock();
  let isWell = true;
  const monitor = createMonitor<boolean>({ clock, same: Object.is, isWell: (seen) => seen, onChange: () => undefined, onError: () => assert.fail() });
  assert.equal(monitor.wellMs('node'), 0, 'nobody looks');
  monitor.watch('node', 'first', async () => isWell);
  assert.equal(monitor.wellMs('node'), 0, 'nothing was seen yet');
  await clock.advance(60_000);
  assert.equal(monitor.wellMs('node'), 60_000);
  isWell = false;
  await clock.advance(2_000);
  assert.equal(monitor.wellMs('node'), 0);
  isWell = true;
  await clock.advance(10_000);
  assert.ok(monitor.wellMs('node') > 8_000 && monitor.wellMs('node') <= 10_000);
  monitor.watch('node', 'second', async () => isWell);
  assert.equal(monitor.wellMs('node'), 0, 'another life');
  monitor.close();
});
