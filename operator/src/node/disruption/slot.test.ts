import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError, type KubernetesClient, type Lease } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Consortium } from '@guildhall/resources';
import { createSlot } from './slot.ts';

const consortiumOf = (uid: string): Consortium => ({ apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', metadata: { name: 'trade', namespace: 'gh-trade', uid } }) as Consortium;
const consortium = consortiumOf('u');

/** One lease, as an API server keeps it. */
function server() {
  let lease: Lease | undefined;
  let version = 0;
  const calls: string[] = [];
  const stored = (next: object): Lease => (lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'gh-trade', resourceVersion: `${++version}` }, spec: next });
  const client = {
    async get() {
      calls.push('get');
      return lease;
    },
    async create(_type: unknown, { spec }: Lease) {
      calls.push('create');
      return stored(spec ?? {});
    },
    async mergePatch(_type: unknown, _ref: unknown, patch: Lease) {
      calls.push('patch');
      if (patch.metadata.resourceVersion !== lease?.metadata.resourceVersion) throw new ApiError(409, 'Conflict', 'conflict');
      return stored({ ...lease?.spec, ...patch.spec });
    },
  } as unknown as Pick<KubernetesClient, 'get' | 'create' | 'mergePatch'>;
  return { client, calls, slot: (there = [consortium]) => createSlot(client, { list: () => there }, createFakeClock()) };
}

test('of those who want it at once, one has it', async () => {
  const { slot } = server();
  const turn = slot();
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((node) => turn.give(consortium, undefined, node))), [true, false, false]);
  assert.equal(await turn.holder(consortium), 'a');
  assert.equal(await turn.give(consortium, 'b', undefined), false, 'only who has it can give it back');
  assert.equal(await turn.give(consortium, 'a', undefined), true);
  assert.equal(await turn.holder(consortium), undefined);
});

test('another operator finds who had it, and asks once', async () => {
  const { slot, calls } = server();
  await slot().give(consortium, undefined, 'a');
  calls.length = 0;
  const next = slot();
  assert.deepEqual([await next.holder(consortium), await next.holder(consortium)], ['a', 'a']);
  assert.deepEqual(calls, ['get']);
});

test('a lease that somebody else has written is read again', async () => {
  const { slot } = server();
  const [one, other] = [slot(), slot()];
  await one.give(consortium, undefined, 'a');
  await other.give(consortium, 'a', undefined);
  await assert.rejects(one.give(consortium, 'a', undefined), /conflict/);
  assert.equal(await one.holder(consortium), undefined);
});

test('of a consortium that is gone nothing is remembered once another one has come', async () => {
  const { slot, calls } = server();
  const there = [consortium];
  const turn = slot(there);
  await turn.holder(consortium);
  const another = consortiumOf('v');
  there.splice(0, 1, another);
  await turn.holder(another);
  calls.length = 0;
  await turn.holder(another);
  assert.deepEqual(calls, [], 'of one that is there it is');
  await turn.holder(consortium);
  assert.deepEqual(calls, ['get']);
});
