import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { linkSignals } from './link-signals.ts';

test('a linked signal aborts with any of its sources, also with one that is aborted already', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const linked = linkSignals([one.signal, undefined, other.signal], 60_000);
  assert.equal(linked.signal.aborted, false);
  other.abort();
  assert.deepEqual([linked.signal.aborted, linked.timedOut], [true, false]);
  linked.release();
  assert.equal(linkSignals([other.signal]).signal.aborted, true);
});

test('it aborts when its time is up, and says so', async () => {
  const linked = linkSignals([], 1);
  await new Promise((resolve) => linked.signal.addEventListener('abort', resolve));
  assert.equal(linked.timedOut, true);
});

test('released, it holds on to nothing', () => {
  const source = new AbortController();
  const linked = linkSignals([source.signal], 60_000);
  linked.release();
  assert.equal(getEventListeners(source.signal, 'abort').length, 0);
  source.abort();
  assert.equal(linked.signal.aborted, false);
});
