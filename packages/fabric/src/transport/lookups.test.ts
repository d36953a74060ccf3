import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLookups } from './lookups.ts';

/** Answers when it is told to. */
function names() {
  const asked: string[] = [];
  const answers = new Map<string, PromiseWithResolvers<{ address: string }>>();
  const lookup = (host: string): Promise<{ address: string }> => {
    const answer = Promise.withResolvers<{ address: string }>();
    asked.push(host);
    answers.set(host, answer);
    return answer.promise;
  };
  return { asked, answers, lookup };
}
const patient = new AbortController().signal;

test('names that are not answered for keep no more than so many threads', async () => {
  const { asked, answers, lookup } = names();
  const addressOf = createLookups(lookup, 2);
  const found = ['a', 'b', 'c', 'd'].map((host) => addressOf(host, patient));
  await setImmediate();
  assert.deepEqual(asked, ['a', 'b']);
  answers.get('b')?.resolve({ address: '10.0.0.2' });
  await setImmediate();
  assert.deepEqual(asked, ['a', 'b', 'c']);
  answers.get('a')?.reject(new Error('there is no such name'));
  await assert.rejects(found[0] ?? assert.fail(), /no such name/);
  await setImmediate();
  for (const host of ['c', 'd']) answers.get(host)?.resolve({ address: '10.0.0.3' });
  assert.deepEqual(await Promise.all(found.slice(1)), ['10.0.0.2', '10.0.0.3', '10.0.0.3']);
});

test('a name that is being looked up is not looked up once more, and afterwards it is', async () => {
  const { asked, answers, lookup } = names();
  const addressOf = createLookups(lookup, 1);
  const both = [addressOf('a', patient), addressOf('a', patient)];
  answers.get('a')?.resolve({ address: '10.0.0.1' });
  assert.deepEqual(await Promise.all(both), ['10.0.0.1', '10.0.0.1']);
  void addressOf('a', patient);
  assert.deepEqual(asked, ['a', 'a']);
});

test('what nobody waits for any more is not asked', async () => {
  const { asked, answers, lookup } = names();
  const addressOf = createLookups(lookup, 1);
  const [first, leaving] = [addressOf('a', patient), new AbortController()];
  const left = addressOf('b', leaving.signal);
  leaving.abort(new Error('too late'));
  answers.get('a')?.resolve({ address: '10.0.0.1' });
  await first;
  await assert.rejects(left, /too late/);
  assert.deepEqual(asked, ['a']);
});
