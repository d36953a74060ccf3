import assert from 'node:assert/strict';
import test from 'node:test';
import { silentLogger, type Change, type Informer, type KubernetesObject, type Machine, type Pod } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { labels } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import type { OperatorContext } from '../context.ts';
import { createNodeController } from './controller.ts';

const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer0-0', namespace: 'gh-trade--acme', labels: { [labels.node]: 'peer0' } }, spec: { nodeName: 'worker', containers: [] } };

/** A controller whose Nodes are all gone: which it looks at is what it forgets. */
async function world(listed: Partial<Record<string, KubernetesObject[]>> = { pods: [pod] }) {
  const clock = createFakeClock();
  const looked: string[] = [];
  const handlers = new Map<string, (change: Change<KubernetesObject>) => void>();
  const informer = (kind: string): Informer<KubernetesObject> =>
    ({ get: () => undefined, list: () => listed[kind] ?? [], byIndex: () => [], onChange: (handler: (change: Change<KubernetesObject>) => void) => (handlers.set(kind, handler), () => undefined) }) as unknown as Informer<KubernetesObject>;
  const informers = new Proxy<Record<string, Informer<KubernetesObject>>>({}, { get: (all, kind: string) => (all[kind] ??= informer(kind)) }) as unknown as Informers;
  const context = {
    client: {}, informers, clock, settings: {}, logger: silentLogger, heights: {}, ways: { forget: () => undefined }, acceptances: { forget: () => undefined }, nodes: { forget: (key: string) => looked.push(key) },
    statuses: { telling: (_type: unknown, _informer: unknown, reconcile: unknown) => reconcile },
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
  return { changes, looks, end };
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
