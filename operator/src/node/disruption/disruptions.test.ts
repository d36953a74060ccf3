import assert from 'node:assert/strict';
import test from 'node:test';
import { applyOwned, podDisruptionBudgets, statefulSets, type Applied, type KubernetesClient, type KubernetesObject, type Pod, type PodDisruptionBudget, type StatefulSet } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Consortium, Member, Node } from '@guildhall/resources';
import type { OperatorContext } from '../../context.ts';
import { createDisruptions } from './disruptions.ts';

const namespaces = ['gh-trade--acme', 'gh-trade--bank'];
const consortium = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', metadata: { name: 'trade', namespace: 'gh-trade', uid: 'c' }, spec: { profile: 'sandbox', members: namespaces.map((name) => ({ name, namespace: name })) } } as unknown as Consortium;
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

const channel = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Channel', metadata: { name: 'trade', namespace: 'gh-trade' }, spec: { orderers: namespaces.map((member) => ({ member, node: 'orderer0' })) } };

/** One peer in each of two members' namespaces, or an orderer of one channel, on one machine; nothing is in the way of either. @param leader the namespace of the orderer that leads */
async function world(leader?: string) {
  const role = leader === undefined ? 'peer' : 'orderer';
  const clock = createFakeClock();
  const caches = { nodes: cache<Node>(), statefulSets: cache<StatefulSet>(), pods: cache<Pod>(), budgets: cache<PodDisruptionBudget>(), machines: cache<KubernetesObject & { spec: object }>(), channels: cache() };
  let lease: { spec: { holderIdentity?: string | null } } | undefined;
  /** As the API server has them, by namespace. */
  const budgets = new Map<string, PodDisruptionBudget>();
  const client = {
    get: async (type: unknown, { namespace }: { namespace: string }) => (type === podDisruptionBudgets ? budgets.get(namespace) : lease),
    create: async (_type: unknown, made: typeof lease) => (lease = { ...made, metadata: { resourceVersion: '1' } } as unknown as typeof lease),
    async mergePatch(type: unknown, { namespace, name }: { namespace: string; name: string }, { spec }: { spec: object }) {
      if (type === podDisruptionBudgets) return budget({ metadata: { name, namespace } }, (spec as PodDisruptionBudget['spec']).maxUnavailable as number);
      lease = { ...lease, spec: { ...lease?.spec, ...spec } };
    },
  };
  function budget({ metadata: { name, namespace = '' } }: Pick<Node, 'metadata'>, maxUnavailable: number, isSeen = true): void {
    const made: PodDisruptionBudget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace }, spec: { maxUnavailable } };
    budgets.set(namespace, made);
    if (isSeen) caches.budgets.set(made);
  }
  /** Of whom nothing is known, and when others were found again, by the monotonic clock. */
  const unknown = new Set<string>();
  const foundAt = new Map<string, number>();
  const last = (key: string) => unknown.has(key) ? undefined : ({ healthy: true, contact: 'answers', channels: [{ name: 'trade', status: 'active', relation: 'consenter', leader: key.startsWith(`${leader}/`) }] });
  if (leader !== undefined) caches.channels.set(channel);
  const context = { client, clock, informers: { ...caches, consortia: { list: () => [] } }, nodes: { last, wellMs: (key: string) => clock.monotonic() - (foundAt.get(key) ?? -Infinity) }, heights: {} } as unknown as OperatorContext;
  const disruptions = createDisruptions(context);
  const wanted = ({ metadata: { name, namespace = '' } }: Node): Applied<StatefulSet> => ({ metadata: { name, namespace }, spec: { serviceName: name, selector: { matchLabels: {} }, template: { spec: { containers: [{ name: role, image: 'one' }] } } } });
  const server = { apply: async (_type: unknown, object: object) => object } as unknown as KubernetesClient;
  const nodes = await Promise.all(namespaces.map(async (namespace) => {
    const node = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: `${role}0`, namespace, uid: namespace, annotations: {} }, spec: { role, member: namespace } } as unknown as Node;
    caches.nodes.set(node);
    caches.statefulSets.set(await applyOwned(server, statefulSets, node, wanted(node), undefined));
    caches.pods.set({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `${role}0-0`, namespace }, spec: { nodeName: 'worker', containers: [] }, status: { containerStatuses: [{ name: role, ready: true, restartCount: 0, state: { running: { startedAt: '2020-01-01T00:00:00Z' } } }] } });
    return node;
  }));
  const [acme, bank] = nodes as [Node, Node];
  const cordon = (unschedulable: boolean): void => caches.machines.set({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker' }, spec: { unschedulable } });
  /** As a pass does: what was answered is what the cluster then has, and the cache has heard of it or not. */
  const ask = async (node: Node, image = 'one', isSeen = true) => {
    const set = wanted(node);
    const [container] = set.spec?.template?.spec?.containers ?? [];
    if (container !== undefined) container.image = image;
    const verdict = await disruptions.ask(node, membership, set);
    budget(node, verdict.mayLeave ? 1 : 0, isSeen);
    return verdict;
  };
  for (const node of nodes) budget(node, 0);
  return { clock, caches, unknown, foundAt, acme, bank, cordon, ask, isOpen: ({ metadata: { namespace = '' } }: Node) => budgets.get(namespace)?.spec.maxUnavailable !== 0, holder: () => lease?.spec.holderIdentity ?? undefined };
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

test('from a node that is paused while its pod may be evicted, the turn is taken when it may not any more', async () => {
  const { acme, bank, ask, cordon, caches, isOpen, holder } = await world();
  cordon(true);
  assert.equal((await ask(acme)).mayLeave, true);
  caches.nodes.set({ ...acme, metadata: { ...acme.metadata, annotations: { 'guildhall.dev/paused': 'true' } } });
  const waits = await ask(bank, 'two');
  assert.deepEqual([waits.mayChange, waits.again, isOpen(acme), holder()], [false, true, false, 'gh-trade--acme/peer0']);
  assert.equal((await ask(bank, 'two')).mayChange, true);
  assert.equal(holder(), 'gh-trade--bank/peer0');
});

test('a turn is not given back while the pod may be evicted, however old the cache is', async () => {
  const { acme, ask, cordon, isOpen, holder } = await world();
  cordon(true);
  assert.equal((await ask(acme, 'one', false)).mayLeave, true);
  cordon(false);
  const { again } = await ask(acme);
  assert.deepEqual([again, holder()], [true, 'gh-trade--acme/peer0']);
  await ask(acme);
  assert.deepEqual([isOpen(acme), holder()], [false, undefined]);
});

test('a process between two restarts is not down: its pod waits for the turn like others', async () => {
  const { acme, bank, ask, caches, clock } = await world();
  await ask(acme, 'two');
  const pod = caches.pods.get('gh-trade--bank', 'peer0-0') ?? assert.fail();
  const ended = (lastTransitionTime: string): Pod => ({ ...pod, status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }], containerStatuses: [{ name: 'peer', ready: false, restartCount: 1, state: { terminated: { exitCode: 1 } } }] } });
  const since = new Date(clock.now()).toISOString();
  caches.pods.set(ended(since));
  assert.equal((await ask(bank, 'two')).mayChange, false);
  await clock.advance(16_000);
  assert.equal((await ask(bank, 'two')).mayChange, true, 'it does not come up');
});

test('who waits is told what for: others, who go first for a while, or nothing', async () => {
  const { acme, bank, ask, cordon, clock, holder, caches } = await world();
  cordon(true);
  await ask(acme);
  await ask(acme);
  await clock.advance(31_000);
  await ask(bank);
  assert.equal((await ask(acme)).waits, 'It has had its turn, and lets others go first for a while.', 'it has the turn still');
  await ask(acme);
  assert.equal(holder(), undefined);
  assert.equal((await ask(acme)).waits, 'It has had its turn, and lets others go first for a while.', 'nobody has it');
  await ask(bank);
  assert.equal((await ask(acme)).waits, 'It has had its turn, and lets others go first for a while.', 'another has it');
  await clock.advance(16_000);
  assert.equal((await ask(acme)).waits, 'Node gh-trade--bank/peer0 has its turn and is not back yet.');
  const pod = caches.pods.get('gh-trade--acme', 'peer0-0') ?? assert.fail();
  caches.pods.set({ ...pod, status: { phase: 'Pending' } });
  assert.equal((await ask(acme)).waits, 'It is not ready, and may leave without a turn.');
});

test('who leads the channel lets the other orderer go first; alone, it waits three seconds', async () => {
  const { acme, bank, ask, clock, holder } = await world('gh-trade--acme');
  const leads = await ask(acme, 'two');
  assert.deepEqual([leads.mayChange, leads.waits, leads.again, holder()], [false, 'Who leads channel trade, or may, goes last: it waits to see whether another node wants the turn.', true, undefined]);
  assert.equal((await ask(bank, 'two')).mayChange, true);
  assert.equal((await ask(acme, 'two')).waits, 'Node gh-trade--bank/orderer0 has its turn and is not back yet.');
  // The wish of the other is taken back.
  await ask(bank);
  assert.equal((await ask(acme, 'two')).mayChange, false);
  await clock.advance(3_000);
  assert.equal((await ask(acme, 'two')).mayChange, true);
  assert.equal(holder(), 'gh-trade--acme/orderer0');
});

test('a node that has not been asked yet may be the leader, and goes last', async () => {
  const { acme, bank, ask, unknown } = await world('gh-trade--acme');
  unknown.add('gh-trade--acme/orderer0');
  assert.match((await ask(acme, 'two')).waits ?? '', /goes last/);
  unknown.clear();
  assert.equal((await ask(bank, 'two')).mayChange, true);
});

test('a node that was only just found again is not counted on, however long its process has run', async () => {
  const { acme, ask, foundAt, clock } = await world('gh-trade--bank');
  foundAt.set('gh-trade--bank/orderer0', clock.monotonic());
  assert.equal((await ask(acme, 'two')).waits, 'Channel trade has 2 orderers, 2 needed; these are not up, or only just: gh-trade--bank/orderer0.');
  await clock.advance(3_000);
  assert.equal((await ask(acme, 'two')).mayChange, true);
});
