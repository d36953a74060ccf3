import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type KubernetesClient } from '@guildhall/kubernetes';
import { createTokenReviewer } from './token-review.ts';

const answering = (status: object | Error) => {
  const sent: unknown[] = [];
  const create = async (type: { plural: string }, object: object): Promise<object> => {
    sent.push([type.plural, object]);
    if (status instanceof Error) throw status;
    return { ...object, status };
  };
  const client = { withSignal: (signal: AbortSignal) => (assert.equal(signal.aborted, false), { create }) };
  return { sent, judge: createTokenReviewer(client as unknown as Pick<KubernetesClient, 'withSignal'>, 'gateway') };
};

test('the API server is asked about the token for one audience', async () => {
  const { sent, judge } = answering({ authenticated: true, user: { username: 'system:serviceaccount:a:b' }, audiences: ['gateway'] });
  assert.deepEqual(await judge('secret'), { authenticated: true, user: 'system:serviceaccount:a:b', audiences: ['gateway'] });
  assert.deepEqual(sent, [['tokenreviews', { metadata: { name: 'caller' }, spec: { token: 'secret', audiences: ['gateway'] } }]]);
});

test('only a clear yes is one', async () => {
  for (const status of [{}, { authenticated: false, error: 'expired' }, { authenticated: false, user: { username: 'a' } }]) assert.deepEqual(await answering(status).judge('t'), { authenticated: false });
  assert.deepEqual(await answering({ authenticated: true, user: { username: 'a' } }).judge('t'), { authenticated: true, user: 'a', audiences: [] });
  await assert.rejects(answering({ authenticated: true }).judge('t'), /names no user/);
  await assert.rejects(answering(new ApiError(403, 'Forbidden', 'no')).judge('t'), ApiError);
});
