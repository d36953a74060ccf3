import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepTrying } from './keep-trying.ts';

const lost = new Error('the connection is lost');

test('what cannot be loaded is tried again after each pause', async () => {
  let tries = 0;
  let pauses = 0;
  const load = async (): Promise<string> => {
    tries += 1;
    if (tries < 3) throw lost;
    return 'there';
  };
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  assert.equal(await keepTrying(load, { pause, signal: new AbortController().signal }), 'there');
  assert.deepEqual([tries, pauses], [3, 2]);
});

test('nothing is tried any more, and nothing given, when it is over', async () => {
  const over = new AbortController();
  let tries = 0;
  const failing = async (): Promise<string> => {
    tries += 1;
    throw lost;
  };
  const pause = async (): Promise<void> => over.abort();
  assert.equal(await keepTrying(failing, { pause, signal: over.signal }), undefined);
  assert.equal(tries, 1);

  const late = new AbortController();
  const coming = async (): Promise<string> => {
    late.abort();
    return 'too late';
  };
  assert.equal(await keepTrying(coming, { pause, signal: late.signal }), undefined);
});
