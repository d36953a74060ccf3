import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Heard } from './client.ts';
import { backOffMs, follow, nextLive, type Live, type LiveEvent } from './live.ts';
import { RequestFailed, unreachable } from './problem.ts';

const at = new Date('2026-01-02T03:04:05Z');
const later = new Date('2026-01-02T03:05:00Z');
const lost = unreachable(new Error('reset')).problems[0];

const after = (...events: LiveEvent<number>[]): Live<number> => events.reduce<Live<number>>(nextLive, { state: 'loading' });

const failing = (error: Error) => (): AsyncGenerator<Heard<number>, void> => {
  throw error;
};

/** What is told of sources that behave, attempt by attempt, as given. */
async function told(attempts: ((signal: AbortSignal) => AsyncGenerator<Heard<number>, void>)[], isLast: (data: number) => boolean) {
  const events: LiveEvent<number>[] = [];
  const pauses: number[] = [];
  const over = new AbortController();
  let attempt = 0;
  await follow<number>({
    source: (signal) => {
      const source = attempts[attempt++];
      if (!source) throw new Error('one attempt too many');
      return source(signal);
    },
    emit: (event) => events.push(event),
    signal: over.signal,
    isLast,
    pause: (failures) => {
      pauses.push(failures);
      if (attempt === attempts.length) over.abort();
      return Promise.resolve();
    },
    now: () => at,
  });
  return { events, pauses };
}

test('what was known stays when the connection is lost, with the time at which it was last heard of', () => {
  const stale = after({ kind: 'data', data: 7, at }, { kind: 'alive', at: later }, { kind: 'lost', problem: lost, at: new Date() });
  assert.deepEqual(stale, { state: 'stale', data: 7, since: later, problem: lost });
  assert.deepEqual(nextLive(stale, { kind: 'lost', problem: lost, at: new Date() }), stale, 'however often it is tried');
  assert.deepEqual(nextLive(stale, { kind: 'data', data: 8, at }), { state: 'live', data: 8, heardAt: at });
});

test('without anything known a lost connection is an error that mends itself, and a refusal one that does not', () => {
  assert.deepEqual(after({ kind: 'lost', problem: lost, at }), { state: 'error', problem: lost, retrying: true });
  assert.deepEqual(after({ kind: 'refused', problem: lost }), { state: 'error', problem: lost, retrying: false });
});

test('a broken connection is taken up again until the last word, and begins with short pauses after each success', async () => {
  const { events, pauses } = await told(
    [
      failing(unreachable(new Error('refused'))),
      failing(unreachable(new Error('refused'))),
      async function* () { yield { data: 1 }; throw unreachable(new Error('reset')); },
      async function* () { yield 'alive'; yield { data: 2 }; },
      async function* () { yield { data: 3 }; yield { data: 4 }; },
    ],
    (data) => data === 3,
  );
  assert.deepEqual(events.map((event) => (event.kind === 'data' ? event.data : event.kind)), ['lost', 'lost', 1, 'lost', 'alive', 2, 'lost', 3]);
  assert.deepEqual(pauses, [0, 1, 0, 0]);
});

test('a refusal ends it', async () => {
  const refusal = new RequestFailed([{ code: 'NOT_FOUND', message: 'there is no such operation' }]);
  const { events } = await told([failing(refusal)], () => false);
  assert.deepEqual(events, [{ kind: 'refused', problem: refusal.problems[0] }]);
});

test('pauses double up to a limit, and are spread', () => {
  assert.deepEqual([0, 1, 2].map((failures) => backOffMs(failures, 1)), [500, 1000, 2000]);
  assert.equal(backOffMs(50, 1), 15_000);
  assert.equal(backOffMs(50, 0), 7500);
});
