import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAhead } from './ahead.ts';

const request = { method: 'POST', body: '{"documentId":"a"}' };

function sending(...answers: (Response | Error)[]) {
  let sent = 0;
  const ahead = createAhead(() => {
    const answer = answers[sent];
    sent += 1;
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error('asked too often'));
  });
  return { ahead, sent: () => sent };
}

test('what was begun is the answer of the next same request, and of no other', async () => {
  const { ahead, sent } = sending(new Response('first'), new Response('other'), new Response('again'));
  ahead.begin('/graphql', request);
  assert.equal(await (await ahead.send('/graphql', { ...request, body: '{}' })).text(), 'other');
  assert.equal(await (await ahead.send('/graphql', request)).text(), 'first');
  assert.equal(await (await ahead.send('/graphql', request)).text(), 'again');
  assert.equal(sent(), 3);
});

test('what failed, or was refused as before signing in, is asked again', async () => {
  for (const early of [new Error('the network is gone'), new Response('', { status: 401 })]) {
    const { ahead } = sending(early, new Response('later'));
    ahead.begin('/graphql', request);
    assert.equal(await (await ahead.send('/graphql', request)).text(), 'later');
  }
});

test('who no longer wants it gets nothing', async () => {
  const { ahead } = sending(new Response('first'));
  ahead.begin('/graphql', request);
  await assert.rejects(ahead.send('/graphql', { ...request, signal: AbortSignal.abort() }), { name: 'AbortError' });
});
