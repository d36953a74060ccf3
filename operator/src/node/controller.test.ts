import assert from 'node:assert/strict';
import test from 'node:test';
import { silentLogger, type Change, type Informer, type KubernetesObject, type Machine, type Pod } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { labels, type Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import type { OperatorContext } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { createNodeController } from './controller.ts';

const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer0-0', namespace: 'gh-trade--acme', labels: { [labels.node]: 'peer0' } }, spec: { nodeName: 'worker', containers: [] } };

/** A controller whose Nodes are all gone, unless one is there: which it looks at is what it forgets. @param there one object by the name of its cache */
async function world(listed: Partial<Record<string, KubernetesObject[]>> = { pods: [pod] }, there: Partial<Record<string, KubernetesObject>> = {}, patchFails = false) {
  const clock = createFakeClock();
  const looked: string[] = [];
  const did: string[] = [];
  const handlers = new Map<string, (change: Change<KubernetesObject>) => void>();
  const informer = (kind: string): Informer<KubernetesObject> =>
    ({ get: () => there[kind], list: () => listed[kind] ?? [], byIndex: () => [], onChange: (handler: (change: Change<KubernetesObject>) => void) => (handlers.set(kind, handler), () => undefined) }) as unknown as Informer<KubernetesObject>;
  const informers = new Proxy<Record<string, Informer<KubernetesObject>>>({}, { get: (all, kind: string) => (all[kind] ??= informer(kind)) }) as unknown as Informers;
  const context = {
    client: { mergePatch: async (_type: unknown, { name }: { name: string }) => (did.push(`patch ${name}`), patchFails ? Promise.reject(new Error('the server says no')) : undefined) }, informers, clock, settings: {}, logger: silentLogger, heights: {}, ways: { forget: () => undefined }, acceptances: { forget: () => undefined }, nodes: { forget: (key: string) => looked.push(key) },
    statuses: { telling: (_type: unknown, _informer: unknown, reconcile: unknown) => reconcile, write: async (_type: unknown, _node: unknown, { outcome }: { outcome: Outcome }) => (did.push('reason' in outcome ? outcome.reason : outcome.kind), {}) },
  } as unknown as OperatorContext;
  const soft = new AbortController();
  const running = createNodeController(context).run({ soft: soft.signal, hard: new AbortController().signal });
  const end = async (): Promise<void> => {
    soft.abort();
    await running;
  };
  const changes = async (kind: string, old: KubernetesObject, object: KubernetesObject): Promise<string[]> => {
    looked.length = 0;
    handlers.get(kind)?.({ type: 'updated', old, object });
    await clock.settle();
    return [...new Set(looked)];
  };
  const looks = async (minutes: number): Promise<string[]> => {
    looked.length = 0;
    await clock.advance(minutes * 60_000);
    return [...looked];
  };
  return { changes, looks, did, end };
}

test('a machine that is cordoned is told to the nodes whose pods are on it, and what else becomes of it is not', async () => {
  const { changes, end } = await world();
  const machine = (spec: NonNullable<Machine['spec']>, resourceVersion: string, name = 'worker'): Machine & { status?: object } => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid: 'm', resourceVersion }, spec });
  assert.deepEqual(await changes('machines', machine({}, '1'), { ...machine({}, '2'), status: { images: [] } } as Machine), []);
  assert.deepEqual(await changes('machines', machine({}, '2'), machine({ unschedulable: true }, '3')), ['gh-trade--acme/peer0']);
  assert.deepEqual(await changes('machines', machine({ unschedulable: true }, '3'), machine({}, '4')), ['gh-trade--acme/peer0']);
  assert.deepEqual(await changes('machines', machine({}, '1', 'other'), machine({ unschedulable: true }, '2', 'other')), []);
  await end();
});

test('where nothing happens each Node is looked at within 33 minutes, for its keys may have gone, and of a hundred never more than five in a minute', async () => {
  const nodes = Array.from({ length: 100 }, (_, index) => ({ apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: `peer${index}`, namespace: 'gh-trade--acme' } }));
  const { looks, end } = await world({ nodes });
  const all: string[] = [];
  for (let minute = 0; minute < 33; minute += 1) {
    const looked = await looks(1);
    assert.ok(looked.length <= 5, `${looked.length} in minute ${minute}`);
    all.push(...looked);
  }
  assert.equal(new Set(all).size, 100);
  await end();
});

test('a pod that is to end is taken out of the Services before all else, also where the Node itself does not go on', async () => {
  const ending = { ...pod, metadata: { ...pod.metadata, uid: 'one', deletionTimestamp: '2026-01-01T00:00:00Z', labels: { ...pod.metadata.labels, [labels.reachable]: 'true' } } };
  const node = (deletionTimestamp?: string): Node => ({
    apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace: 'gh-trade--acme', uid: 'n', ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
    spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'ClusterDNS' },
  });
  for (const [of, reason, patchFails] of [[node('2026-01-01T00:00:00Z'), 'DeletionNotConfirmed', false], [node(), 'WaitingForReference', false], [node(), 'WaitingForReference', true]] as const) {
    const { changes, did, end } = await world({ pods: [ending] }, { nodes: of, pods: ending }, patchFails);
    await changes('pods', { ...ending, metadata: { ...ending.metadata, resourceVersion: '1' } }, { ...ending, metadata: { ...ending.metadata, resourceVersion: '2' } });
    assert.deepEqual(did.slice(0, 2), ['patch peer0-0', reason]);
    await end();
  }
});
