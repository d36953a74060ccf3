import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { ApiError, TransportError, type LogOptions } from '@guildhall/kubernetes';
import { createPodLogs, type PodLogs } from './pod-logs.ts';

const pod = { namespace: 'gh-trade--acme', name: 'peer0-0' };
const nothing = (status: number): ApiError => new ApiError(status, 'NotFound', 'no');

/** A container's log that grows, ends and begins anew. */
function createLog() {
  let lines: string[] | undefined;
  let failure: Error | undefined;
  let changed = Promise.withResolvers<void>();
  const asked: LogOptions[] = [];
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  let life = 0;
  async function* podLog(_: unknown, options: LogOptions = {}): AsyncGenerator<string> {
    asked.push(options);
    if (lines === undefined) throw nothing(404);
    const [own, from] = [life, lines];
    let at = Math.max(0, from.length - (options.tailLines ?? Infinity));
    for (;;) {
      for (; at < from.length; at++) yield from[at]!;
      if (options.follow !== true || own !== life) return;
      if (failure !== undefined) throw failure;
      await Promise.race([changed.promise, new Promise((resolve) => options.signal?.addEventListener('abort', resolve, { once: true }))]);
      options.signal?.throwIfAborted();
    }
  }
  return {
    asked,
    podLog,
    append: (...more: string[]) => {
      lines?.push(...more);
      change();
    },
    begin: (...first: string[]) => {
      lines = first;
      life += 1;
      change();
    },
    breakDown: (error: Error) => {
      failure = error;
      change();
    },
    mend: () => void (failure = undefined),
  };
}

const textsOf = async (logs: PodLogs, query: Partial<Parameters<PodLogs['read']>[1]> = {}): Promise<string[]> => (await logs.read(pod, { lines: 3, previous: false, ...query })).map(({ text }) => text);

test('the newest lines are read, or the newest that contain a text', async () => {
  const log = createLog();
  const logs = createPodLogs(log);
  assert.deepEqual(await textsOf(logs), [], 'no pod, no log');
  log.begin('Alpha 1', 'beta 2', 'ALPHA 3', 'gamma 4', 'alpha 5', 'alpha 6');
  assert.deepEqual(await textsOf(logs), ['gamma 4', 'alpha 5', 'alpha 6']);
  assert.deepEqual(await textsOf(logs, { search: 'alpha' }), ['ALPHA 3', 'alpha 5', 'alpha 6']);
  assert.deepEqual(await textsOf(logs, { search: 'ALPHA 1', previous: true }), ['Alpha 1']);
  assert.deepEqual(log.asked.map(({ tailLines, previous }) => [tailLines, previous]), [[3, false], [3, false], [20_000, false], [20_000, true]]);
});

test('a cluster that does not answer is said, what is refused for another reason is no empty log', async () => {
  const failing = (error: Error) =>
    createPodLogs({
      // eslint-disable-next-line require-yield
      podLog: async function* () {
        throw error;
      },
    });
  assert.deepEqual(await textsOf(failing(nothing(400))), []);
  await assert.rejects(textsOf(failing(new TransportError('Unreachable', 'no'))), /the cluster does not give the log/);
  await assert.rejects(textsOf(failing(nothing(403))), { status: 403 });
});

test('a follower is told each line once, over a broken connection and a restart, until it leaves', { timeout: 600_000 }, async () => {
  const log = createLog();
  log.begin('one', 'two', 'three');
  let gone = false;
  const stream = createPodLogs(log).follow(pod, 2, () => Promise.resolve(gone));
  const seen: string[] = [];
  const next = async (): Promise<void> => {
    const { done, value } = await stream.next();
    if (done !== true) seen.push(...value.map(({ text }) => text));
  };
  await next();
  assert.deepEqual(seen, ['two', 'three']);
  const four = next();
  await setImmediate();
  log.append('four', 'five');
  await four;
  assert.deepEqual(seen.splice(0), ['two', 'three', 'four', 'five']);
  const six = next();
  log.breakDown(new TransportError('Interrupted', 'broken'));
  await setImmediate();
  log.mend();
  log.append('six');
  await six;
  assert.deepEqual(seen.splice(0), ['six'], 'what came while the connection was down, and nothing again');
  const restarted = next();
  log.begin('another one');
  await restarted;
  assert.deepEqual(seen.splice(0), ['another one']);
  const waiting = stream.next();
  await setImmediate();
  assert.equal((await stream.return?.())?.done, true);
  assert.deepEqual(await waiting, { done: true, value: undefined });
  gone = true;
  const short = createPodLogs(log).follow(pod, 1, () => Promise.resolve(gone));
  assert.deepEqual((await short.next()).value?.map(({ text }: { text: string }) => text), ['another one']);
  const end = short.next();
  await setImmediate();
  log.begin();
  assert.equal((await end).done, true, 'the node is gone');
});
