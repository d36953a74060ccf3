import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changeStream } from './change-stream.ts';

/** Notifications that the test gives, and that know who listens. */
function scripted() {
  const handlers = new Set<(payload: string) => void>();
  const gaps = new Set<() => void>();
  return {
    notifications: {
      on: (_channel: string, handler: (payload: string) => void) => {
        handlers.add(handler);
        return () => handlers.delete(handler);
      },
      onGap: (handler: () => void) => {
        gaps.add(handler);
        return () => gaps.delete(handler);
      },
    },
    notify: (payload: string) => handlers.forEach((handler) => handler(payload)),
    gap: () => gaps.forEach((handler) => handler()),
    listeners: () => handlers.size + gaps.size,
  };
}
const away = (): Error => Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

function counting(read: (count: number) => Promise<number> = (count) => Promise.resolve(count), isLast?: (value: number) => boolean) {
  const source = scripted();
  let reads = 0;
  const stream = changeStream({ notifications: source.notifications, channel: 'c', matches: (payload) => payload === 'mine', read: () => read((reads += 1)), ...(isLast ? { isLast } : {}) });
  return { ...source, stream, reads: () => reads };
}

describe('a stream of changes', () => {
  test('tells what is true now, then after every change that matches', async () => {
    const { stream, notify } = counting();
    assert.deepEqual(await stream.next(), { done: false, value: 1 });
    const next = stream.next();
    notify('another');
    notify('mine');
    assert.deepEqual(await next, { done: false, value: 2 });
  });

  test('takes changes that come while nobody asks for one', async () => {
    const { stream, notify, reads } = counting();
    await stream.next();
    for (let count = 0; count < 100; count += 1) notify('mine');
    assert.equal((await stream.next()).value, 2);
    const pending = stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(reads(), 2, 'and reads nothing more');
    notify('mine');
    assert.equal((await pending).value, 3);
  });

  test('does not miss what changes while it reads', async () => {
    const reading = Promise.withResolvers<number>();
    const { stream, notify } = counting((count) => (count === 1 ? reading.promise : Promise.resolve(count)));
    const first = stream.next();
    notify('mine');
    reading.resolve(1);
    assert.equal((await first).value, 1);
    assert.equal((await stream.next()).value, 2);
  });

  test('reads again after a gap', async () => {
    const { stream, gap } = counting();
    await stream.next();
    const next = stream.next();
    gap();
    assert.equal((await next).value, 2);
  });

  test('waits for a database that is away, and goes on', async () => {
    const { stream } = counting((count) => (count < 3 ? Promise.reject(away()) : Promise.resolve(count)));
    assert.deepEqual(await stream.next(), { done: false, value: 3 });
  });

  test('ends after the last value', async () => {
    const { stream, listeners } = counting(undefined, (value) => value === 1);
    assert.deepEqual(await stream.next(), { done: false, value: 1 });
    assert.equal(listeners(), 0);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  test('ends with what is wrong', async () => {
    const { stream, listeners } = counting(() => Promise.reject(new TypeError('wrong')));
    await assert.rejects(stream.next(), TypeError);
    assert.equal(listeners(), 0);
    assert.equal((await stream.next()).done, true);
  });
});

describe('when the client goes away, a stream of changes leaves no listener', () => {
  test('before it has begun', async () => {
    const { stream, listeners } = counting();
    assert.equal(listeners(), 2);
    await stream.return?.();
    assert.equal(listeners(), 0);
  });

  test('while it waits for a change: the one who waits hears that it ended', async () => {
    const { stream, listeners } = counting();
    await stream.next();
    const waiting = stream.next();
    await stream.return?.();
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.equal(listeners(), 0);
  });

  test('while it waits for the database', async () => {
    const { stream, listeners, reads } = counting(() => Promise.reject(away()));
    const waiting = stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    await stream.return?.();
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.equal(reads(), 1);
    assert.equal(listeners(), 0);
  });
});
