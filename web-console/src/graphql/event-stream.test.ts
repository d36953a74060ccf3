import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents } from './event-stream.ts';
import { RequestFailed } from './problem.ts';

test('a stream that falls silent is taken for lost, and let go of', async () => {
  let letGo = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(':\n\n')),
    cancel: () => {
      letGo = true;
    },
  });
  const heard: unknown[] = [];
  await assert.rejects(async () => {
    for await (const event of readEvents(body, { signal: new AbortController().signal, silenceMs: 20 })) heard.push(event);
  }, RequestFailed);
  assert.deepEqual(heard, ['alive']);
  assert.ok(letGo);
});
