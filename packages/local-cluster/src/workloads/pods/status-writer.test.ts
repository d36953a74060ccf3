import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, silentLogger, systemClock } from '@guildhall/kubernetes';
import { createStatusWriter } from './status-writer.ts';

/** Writes that end when told to. */
function createWorld() {
  const written: string[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const writer = createStatusWriter(
    (status: string) => {
      written.push(status);
      const write = Promise.withResolvers<void>();
      waiting.push(write);
      return write.promise;
    },
    systemClock,
    silentLogger,
  );
  return {
    writer,
    written,
    settle: async (error?: Error): Promise<void> => {
      while (waiting.length === 0) await new Promise(setImmediate);
      if (error === undefined) waiting.shift()?.resolve();
      else waiting.shift()?.reject(error);
      await new Promise(setImmediate);
    },
  };
}

test('what came while a write was under way is skipped for the newest, but never what tells of an end', async () => {
  const { writer, written, settle } = createWorld();
  writer.put('running', false);
  for (const [status, telling] of [['a', false], ['terminated', true], ['b', false], ['ready', false]] as const) writer.put(status, telling);
  await settle();
  await settle();
  await settle();
  await writer.flushed();
  assert.deepEqual(written, ['running', 'terminated', 'ready']);
});

test('a write that fails is repeated until it succeeds, with nothing lost', async () => {
  const { writer, written, settle } = createWorld();
  writer.put('terminated', true);
  await settle(new Error('the database is away'));
  writer.put('ready', false);
  await settle(new ApiError(503, 'ServiceUnavailable', 'still away'));
  await settle();
  await settle();
  await writer.flushed();
  assert.deepEqual(written, ['terminated', 'terminated', 'terminated', 'ready']);
});

test('nobody waits for the status of an object that is gone', async () => {
  const { writer, settle } = createWorld();
  writer.put('ready', false);
  await settle(new ApiError(404, 'NotFound', 'gone'));
  await writer.flushed();
});
