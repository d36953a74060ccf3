import assert from 'node:assert/strict';
import test from 'node:test';
import type { Informer, KubernetesClient } from '@guildhall/kubernetes';
import { annotations, type ChannelMembership, type SigningRequest } from '@guildhall/resources';
import { createSigningRequests, signingRequestName, type SigningTask } from './signing-requests.ts';

const now = Date.parse('2026-01-01T00:10:00Z');
const intent = (generation: number, mark?: string): ChannelMembership => ({
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'ChannelMembership',
  metadata: { name: 'trade', namespace: 'gh-trade--acme', uid: 'u', generation, ...(mark === undefined ? {} : { annotations: { [annotations.retry]: mark } }) },
  spec: { channel: { namespace: 'gh-trade', name: 'trade' }, channelDigest: '', peers: ['peer0'], orderers: [], anchorPeers: [] },
});
const task = (change: Partial<SigningTask> = {}): SigningTask => ({ intent: intent(1), purpose: 'join-channel', target: 'peer0', labels: {}, ...change });

/** A cluster of signing requests alone. */
function cluster() {
  const kept = new Map<string, SigningRequest>();
  const client = {
    create: async (_type: unknown, object: SigningRequest) => kept.set(object.metadata.name, { ...object, metadata: { ...object.metadata, uid: 'r', creationTimestamp: '2026-01-01T00:09:00Z' } }),
    delete: async (_type: unknown, { name }: { name: string }) => kept.delete(name),
  } as unknown as Pick<KubernetesClient, 'create' | 'delete'>;
  const informer = { get: (_namespace: string, name: string) => kept.get(name), byIndex: () => [...kept.values()] } as unknown as Informer<SigningRequest>;
  const answer = (status: SigningRequest['status']): void => kept.forEach((request, name) => kept.set(name, { ...request, ...(status === undefined ? {} : { status }) }));
  return { kept, answer, signing: createSigningRequests(client, informer) };
}
const stalled = (reason: 'Denied' | 'Expired'): SigningRequest['status'] => ({ conditions: [{ type: 'Stalled', status: 'True', reason, message: 'no', lastTransitionTime: '2026-01-01T00:09:00Z' }] });

test('the same task asks once, by a name that follows from the intent, its generation, the purpose and the target', async () => {
  const { signing, kept } = cluster();
  assert.equal((await signing.find(task(), now)).kind, 'absent');
  await signing.ask(task(), Buffer.from('bytes'));
  assert.equal((await signing.find(task(), now)).kind, 'waiting');
  assert.deepEqual([...kept.keys()], [signingRequestName(task())]);
  for (const other of [task({ intent: intent(2) }), task({ target: 'peer1' }), task({ purpose: 'install-contract' })]) assert.notEqual(signingRequestName(other), signingRequestName(task()));
});

test('what was signed is given with the bytes that were signed', async () => {
  const { signing, answer } = cluster();
  await signing.ask(task(), Buffer.from('bytes'));
  answer({ signature: Buffer.from('signature').toString('base64') });
  const found = await signing.find(task(), now);
  assert.deepEqual(found.kind === 'signed' && [Buffer.from(found.bytes).toString(), Buffer.from(found.signature).toString()], ['bytes', 'signature']);
});

test('bytes that are too old to be taken are removed, whether signed or not', async () => {
  for (const status of [undefined, { signature: 'AAAA' }, stalled('Denied')]) {
    const { signing, kept, answer } = cluster();
    await signing.ask(task(), Buffer.from('bytes'));
    answer(status);
    assert.equal((await signing.find(task(), now + 10 * 60_000)).kind, 'absent');
    assert.equal(kept.size, 0);
  }
  const { signing, answer } = cluster();
  await signing.ask(task(), Buffer.from('bytes'));
  answer(stalled('Expired'));
  assert.equal((await signing.find(task(), now)).kind, 'absent');
});

test('a refusal stands until a person asks once more', async () => {
  const { signing, kept, answer } = cluster();
  await signing.ask(task(), Buffer.from('bytes'));
  answer(stalled('Denied'));
  assert.deepEqual(await signing.find(task(), now), { kind: 'denied', message: 'no' });
  const again = task({ intent: intent(1, 'second') });
  assert.equal((await signing.find(again, now)).kind, 'absent');
  assert.equal(kept.size, 0);
  await signing.ask(again, Buffer.from('bytes'));
  answer(stalled('Denied'));
  assert.equal((await signing.find(again, now)).kind, 'denied', 'and the next one stands as well');
});
