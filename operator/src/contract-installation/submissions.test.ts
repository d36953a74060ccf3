import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createSubmissions } from './submissions.ts';

function submissions() {
  const clock = createFakeClock();
  const told: string[] = [];
  const begun: { id: string; end: PromiseWithResolvers<string>; signal: AbortSignal }[] = [];
  const all = createSubmissions<string>(clock, (object) => told.push(object));
  const take = (id: string): ReturnType<typeof all.take> =>
    all.take('a', id, (signal) => {
      const end = Promise.withResolvers<string>();
      begun.push({ id, end, signal });
      return end.promise;
    });
  /** A pass that finds it under way. */
  const underWay = async (id: string): Promise<void> => {
    const pass = take(id);
    await clock.advance(100);
    assert.equal(await pass, undefined);
  };
  return { clock, told, begun, all, take, underWay };
}

test('what takes long is begun once, and taken by a later pass, which is asked for', async () => {
  const { told, begun, all, take, underWay } = submissions();
  assert.equal(all.isUnderWay('a'), false);
  await underWay('1');
  assert.equal(all.isUnderWay('a'), true);
  assert.equal(await take('1'), undefined);
  assert.equal(begun.length, 1);
  begun[0]!.end.resolve('committed');
  while (told.length === 0) await Promise.resolve();
  assert.deepEqual(told, ['a']);
  assert.deepEqual(await take('1'), { result: 'committed' });
  assert.equal(all.isUnderWay('a'), false);
  assert.equal(begun.length, 1);
});

test('what is known at once is taken by the same pass', async () => {
  const { told, begun, take } = submissions();
  const pass = take('1');
  begun[0]!.end.resolve('refused');
  assert.deepEqual(await pass, { result: 'refused' });
  assert.deepEqual(told, []);
});

test('a pass that ended early leaves nothing behind that nobody is told of', async () => {
  const { told, begun, take } = submissions();
  void take('1');
  assert.equal(await take('1'), undefined);
  begun[0]!.end.resolve('committed');
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assert.deepEqual(told, ['a']);
});

test('a failure is the failure of the pass that takes it', async () => {
  const { told, begun, take, underWay } = submissions();
  await underWay('1');
  begun[0]!.end.reject(new Error('a bug'));
  while (told.length === 0) await Promise.resolve();
  await assert.rejects(take('1'), /a bug/);
});

test('another transaction of the object takes the place of the one before, and the end ends all', async () => {
  const { told, begun, all, underWay } = submissions();
  await underWay('1');
  await underWay('2');
  assert.equal(begun[0]?.signal.aborted, true);
  all.close();
  assert.equal(begun[1]?.signal.aborted, true);
  for (const { end } of begun) end.resolve('too late');
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assert.deepEqual(told, []);
});
