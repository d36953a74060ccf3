import assert from 'node:assert/strict';
import test from 'node:test';
import { applyOwned, statefulSets, type Applied, type KubernetesClient, type KubernetesObject, type Pod, type PodDisruptionBudget, type StatefulSet } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Consortium, Member, Node } from '@guildhall/resources';
import type { OperatorContext } from '../../context.ts';
import { createDisruptions } from './disruptions.ts';

const consortium = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', metadata: { name: 'trade', namespace: 'gh-trade', uid: 'c' }, spec: { profile: 'sandbox', members: [] } } as unknown as Consortium;
const membership = { consortium, member: {} as Member };

/** A cache of one kind that a test fills by hand. */
function cache<T extends KubernetesObject>() {
  const all = new Map<string, T>();
  const at = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
  return {
    set: (object: T) => void all.set(at(object.metadata.namespace, object.metadata.name), object),
    get: (namespace: string | undefined, name: string) => all.get(at(namespace, name)),
    list: (namespace?: string) => [...all.values()].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
  };
}

/** One peer in each of two members' namespaces, on one machine; nothing is in the way of either. */
async function world() {
  const clock = createFakeClock();
  const caches = { nodes: cache<Node>(), statefulSets: cache<StatefulSet>(), pods: cache<Pod>(), budgets: cache<PodDisruptionBudget>(), machines: cache<KubernetesObject & { spec: object }>(), channels: cache() };
  let lease: { spec: { holderIdentity?: string | null } } | undefined;
  const client = {
    get: async () => lease,
    create: async (_type: unknown, made: typeof lease) => (lease = { ...made, metadata: { resourceVersion: '1' } } as unknown as typeof lease),
    mergePatch: async (_type: unknown, _ref: unknown, { spec }: { spec: object }) => (lease = { ...lease, spec: { ...lease?.spec, ...spec } }),
  };
  const context = { client, clock, informers: caches, nodes: { last: () => ({ healthy: true }) }, heights: {} } as unknown as OperatorContext;
  const disruptions = createDisruptions(context);
  const wanted = ({ metadata: { name, namespace = '' } }: Node): Applied<StatefulSet> => ({ metadata: { name, namespace }, spec: { serviceName: name, selector: { matchLabels: {} }, template: { spec: { containers: [{ name: 'peer', image: 'one' }] } } } });
  const server = { apply: async (_type: unknown, object: object) => object } as unknown as KubernetesClient;
  const nodes = await Promise.all(['gh-trade--acme', 'gh-trade--bank'].map(async (namespace) => {
    const node = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace, uid: namespace, annotations: {} }, spec: { role: 'peer', member: namespace } } as unknown as Node;
    caches.nodes.set(node);
    caches.statefulSets.set(await applyOwned(server, statefulSets, node, wanted(node), undefined));
    caches.pods.set({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer0-0', namespace }, spec: { nodeName: 'worker', containers: [] }, status: { containerStatuses: [{ name: 'peer', ready: true, restartCount: 0, state: { running: { startedAt: '2020-01-01T00:00:00Z' } } }] } });
    return node;
  }));
  const [acme, bank] = nodes as [Node, Node];
  const budget = ({ metadata: { name, namespace = '' } }: Node, maxUnavailable: number): void => caches.budgets.set({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace }, spec: { maxUnavailable } });
  const cordon = (unschedulable: boolean): void => caches.machines.set({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker' }, spec: { unschedulable } });
  /** As a pass does: what was answered is what the cluster then has. */
  const ask = async (node: Node, image = 'one') => {
    const set = wanted(node);
    const [container] = set.spec?.template?.spec?.containers ?? [];
    if (container !== undefined) container.image = image;
    const verdict = await disruptions.ask(node, membership, set);
    budget(node, verdict.mayLeave ? 1 : 0);
    return verdict;
  };
  for (const node of nodes) budget(node, 0);
  return { clock, caches, acme, bank, cordon, ask, holder: () => lease?.spec.holderIdentity ?? undefined };
}

test('of two that are to change, one goes; nobody else does until it is back, whatever its cache says', async () => {
  const { acme, bank, ask, holder } = await world();
  const [first, second] = await Promise.all([ask(acme, 'two'), ask(bank, 'two')]);
  assert.deepEqual([first.mayChange, second.mayChange], [true, false]);
  assert.equal(holder(), 'gh-trade--acme/peer0');
  assert.match(second.waits ?? '', /turn/);
  assert.equal((await ask(bank, 'two')).waits, 'Node gh-trade--acme/peer0 has its turn and is not back yet.');
  // The wish is taken back before anything has begun.
  assert.equal((await ask(acme)).changes, false);
  assert.equal(holder(), undefined);
  assert.equal((await ask(bank, 'two')).mayChange, true);
});

test('a pod may leave a cordoned machine when it is its turn, and its budget is closed before the turn is given back', async () => {
  const { acme, bank, ask, cordon, holder } = await world();
  cordon(true);
  assert.deepEqual([(await ask(acme)).mayLeave, (await ask(bank)).mayLeave], [true, false]);
  cordon(false);
  assert.equal((await ask(acme)).mayLeave, false);
  assert.equal(holder(), 'gh-trade--acme/peer0', 'its budget was still open');
  await ask(acme);
  assert.equal(holder(), undefined);
});

test('a machine that is cordoned and not emptied does not keep the turn from those that wait', async () => {
  const { acme, bank, ask, cordon, clock, holder } = await world();
  cordon(true);
  await ask(acme);
  await ask(acme);
  await clock.advance(31_000);
  assert.equal((await ask(acme)).mayLeave, true, 'nobody waits');
  await ask(bank);
  assert.equal((await ask(acme)).mayLeave, false);
  await ask(acme);
  assert.equal(holder(), undefined);
  assert.equal((await ask(bank)).mayLeave, true);
});

test('a turn is free when its node is gone or paused', async () => {
  for (const left of ['gone', 'paused'] as const) {
    const { acme, bank, ask, caches } = await world();
    await ask(acme, 'two');
    assert.equal((await ask(bank, 'two')).mayChange, false);
    const { metadata } = acme;
    caches.nodes.set({ ...acme, metadata: { ...metadata, ...(left === 'gone' ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : { annotations: { 'guildhall.dev/paused': 'true' } }) } });
    assert.equal((await ask(bank, 'two')).mayChange, true, left);
  }
});
