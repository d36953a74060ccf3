import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createClient, keyOf, leases, persistentVolumeClaims, pods as podType, secrets, statefulSets, type KubernetesClient, type Pod } from '@guildhall/kubernetes';
import { channel as channelKind, disruptionLease, node as nodeKind, type Node } from '@guildhall/resources';
import type { Api } from '../e2e/support/api.ts';
import { begin, operation, running, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import { nodeName } from '../support/kubernetes/kubelet.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { helm, install, loadImages, namespace, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const name = 'harbour';
const [core, supplier] = [`gh-${name}--core`, `gh-${name}--supplier`];
const orderers = ['orderer0', 'orderer1', 'orderer2'];

describe('day two of nodes', { skip: skipWithoutNode }, () => {
  let cluster: KubernetesNode;
  let client: KubernetesClient;
  let way: Reached | undefined;
  let api: Api;
  before(async () => {
    const token = randomBytes(24).toString('hex');
    cluster = await startTestNode({ accounts: [{ name: 'onlooker', token, groups: ['system:masters'] }] });
    loadImages(cluster);
    install(cluster);
    client = createClient({ server: cluster.api.server, certificateAuthority: cluster.api.certificateAuthority, token, fieldManager: 'onlooker' });
    way = await reachApi(cluster);
    api = way.api;
    await succeeded(api, await begin(api, 'createConsortium', { ...smallConsortium(name, { orderers: 3 }), profile: 'production' }), 480_000);
    await agreeOnTerms(api, name);
  });
  after(async () => {
    way?.stop();
    await client?.close();
    await cluster?.stop();
  });

  const wish = (of: string, spec: object): Promise<Node> => client.mergePatch(nodeKind.type, { namespace: core, name: of }, { spec });
  const found = async (of: string, namespace = core): Promise<Node> => (await client.get(nodeKind.type, { namespace, name: of })) ?? assert.fail(`there is no node ${of}`);
  const condition = async (of: string, type = 'Ready') => (await found(of)).status?.conditions?.find((each) => each.type === type);
  const isReady = ({ metadata, status }: Node): boolean => status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True' && each.observedGeneration === metadata.generation) ?? false;
  const podOf = async (of: string): Promise<Pod | undefined> => client.get(podType, { namespace: core, name: `${of}-0` });
  const isUp = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false);
  const memoryOf = (pod: Pod | undefined): string | undefined => pod?.spec.containers[0]?.resources?.limits?.['memory'];

  /**
   * How many orderers or peers are being replaced at once at most, by what the cluster tells of their pods, while something is done: from when a pod is to go until another has been ready.
   * `last` is the one that went last. A busy machine that makes one of them miss its probes is not what is asked here.
   */
  async function watching(role: 'orderer' | 'peer', act: () => Promise<void>): Promise<{ mostDown: number; replaced: number; last: string | undefined }> {
    const labelSelector = `app.kubernetes.io/component=${role}`;
    const { items, resourceVersion } = await client.list(podType, { labelSelector });
    const served = new Set(items.map(({ metadata }) => metadata.uid));
    const up = new Map(items.map(({ metadata }) => [keyOf(metadata), true]));
    const uids = new Set(served);
    const known = uids.size;
    let mostDown = 0;
    let last: string | undefined;
    const end = new AbortController();
    const watch = (async () => {
      for await (const event of client.watch(podType, { labelSelector, resourceVersion, signal: end.signal })) {
        if (event.type === 'BOOKMARK') continue;
        const { uid, deletionTimestamp } = event.object.metadata;
        uids.add(uid);
        if (isUp(event.object)) served.add(uid);
        if (deletionTimestamp !== undefined) last = keyOf(event.object.metadata);
        up.set(keyOf(event.object.metadata), event.type !== 'DELETED' && deletionTimestamp === undefined && served.has(uid));
        mostDown = Math.max(mostDown, [...up.values()].filter((each) => !each).length);
      }
    })().catch((error: unknown) => {
      if (!end.signal.aborted) throw error;
    });
    await act();
    end.abort();
    await watch;
    return { mostDown, replaced: uids.size - known, last };
  }

  const told = (what: string): void => void process.stderr.write(`${what}\n`);
  let issued = 0;
  const anotherBlock = (): Promise<unknown> => issue(api, name, `n${(issued += 1)}`);
  /** Transactions one after the other until something holds; none of them may fail. @returns milliseconds that the slowest took */
  async function transactionsUntil(holds: () => Promise<boolean>): Promise<number> {
    let slowest = 0;
    while (!(await holds())) {
      const began = performance.now();
      await anotherBlock();
      slowest = Math.max(slowest, performance.now() - began);
    }
    return slowest;
  }

  const allAt = (memory: string) => async (): Promise<boolean> => {
    const all = await Promise.all(orderers.map(async (each) => isReady(await found(each)) && memoryOf(await podOf(each)) === memory));
    return all.every(Boolean);
  };

  test('all orderers are to change at once: one does after the other and who leads last, those that wait say why, and transactions are committed throughout', async () => {
    const leader = (await client.get(channelKind.type, { namespace: `gh-${name}`, name: 'trade' }))?.status?.leader;
    const reasons = new Set<string>();
    const began = performance.now();
    let slowest = 0;
    const { mostDown, replaced, last } = await watching('orderer', async () => {
      await Promise.all(orderers.map((each) => wish(each, { resources: { memory: '512Mi' } })));
      slowest = await transactionsUntil(async () => {
        for (const each of orderers) {
          const ready = await condition(each);
          if (ready?.reason === 'WaitingForTurn') reasons.add(ready.message);
        }
        return allAt('512Mi')();
      });
    });
    told(`three orderers changed in ${((performance.now() - began) / 1000).toFixed(1)} s; the slowest transaction took ${Math.round(slowest)} ms; they said: ${[...reasons].join(' | ')}`);
    assert.deepEqual([mostDown, replaced, last], [1, 3, `gh-${name}--${leader}-0`]);
    assert.match([...reasons].join('\n'), /It waits for its turn: (Channel trade has 3 orderers, 2 needed; .*: core\/orderer\d|Node gh-harbour--core\/orderer\d has its turn)/);
  });

  test('nodes are to be placed elsewhere: one after the other, as with any other change, and the instances of contracts too', async () => {
    cluster.apply([{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'ledgers' }, value: 1000 }]);
    const nodes = { nodeSelector: { 'kubernetes.io/hostname': nodeName }, tolerations: [{ key: 'pool', operator: 'Exists' }], priorityClassName: 'ledgers' };
    const { mostDown, replaced } = await watching('orderer', async () => {
      install(cluster, { ...values, operator: { nodes } });
      await until('all pods of the consortium are there', async () => {
        const { items } = await client.list(podType, { labelSelector: `guildhall.dev/consortium=${name}` });
        return items.length === 7 && items.every((pod) => isUp(pod) && pod.spec.priorityClassName === 'ledgers' && pod.spec.nodeSelector?.['kubernetes.io/hostname'] === nodeName && pod.spec.tolerations?.some(({ key }) => key === 'pool'));
      }, 300_000, 1_000);
    });
    assert.deepEqual([mostDown, replaced], [1, 3]);
    way?.stop();
    way = await reachApi(cluster);
    api = way.api;
    await running(api, name);
    await until('a transaction is taken', () => issue(api, name, 'after-placement'), 30_000);
  });

  test('a volume grows without another pod, and never shrinks', async () => {
    const pod = await podOf('peer0');
    await succeeded(api, await begin(api, 'changeNode', { consortium: name, member: 'core', name: 'peer0', storage: '11Gi' }));
    assert.equal((await client.get(persistentVolumeClaims, { namespace: core, name: 'data-peer0-0' }))?.status?.capacity?.['storage'], '11Gi');
    assert.equal((await podOf('peer0'))?.metadata.uid, pod?.metadata.uid);
    await assert.rejects(wish('peer0', { storage: { size: '5Gi' } }), /a volume can grow only/);
    await assert.rejects(wish('peer0', { storage: { className: 'fixed' } }), /the storage class cannot be changed/);
  });

  let growing = '';
  test('a storage class that cannot grow is named with what to do', async () => {
    await client.create(nodeKind.type, { metadata: { namespace: core, name: 'peer1' }, spec: { member: 'core', role: 'peer', version: '3.1', storage: { size: '1Gi', className: 'fixed' }, exposure: 'ClusterDNS' } });
    await until('it runs', async () => isReady(await found('peer1')));
    growing = await begin(api, 'changeNode', { consortium: name, member: 'core', name: 'peer1', storage: '2Gi' });
    const degraded = await until('it says why', async () => condition('peer1', 'Degraded'));
    assert.equal(degraded.reason, 'VolumeNotGrown');
    assert.match(degraded.message, /data-peer1-0 stays at 1Gi instead of 2Gi, and the node runs on; .*storageclass.*set allowVolumeExpansion/);
    const failed = await until('the operation has failed', async () => (await operation(api, growing)).problem ?? undefined);
    assert.match(failed?.message ?? '', /data-peer1-0 stays at 1Gi instead of 2Gi/);
    // It is tried again every minute: the next test has the time.
    cluster.kubectl('patch', 'storageclass', 'fixed', '--patch', '{"allowVolumeExpansion":true}');
  });

  /** As a new release of Fabric: the chart names its image, which the node has. */
  function release(role: 'orderer' | 'peer', tag: string): string {
    const { name: image, tag: former } = values.images[role];
    cluster.images.tag(`docker.io/${image}:${former}`, `docker.io/${image}:${tag}`);
    helm(cluster, 'upgrade', 'guildhall', 'charts/guildhall', '--namespace', namespace, '--reset-then-reuse-values', '--set', `images.${role}.tag=${tag}`);
    return `${image}:${tag}`;
  }
  const runs = async (of: string, image: string, namespace = core): Promise<boolean> => {
    const node = await found(of, namespace);
    return isReady(node) && node.status?.pod?.image === image;
  };

  test('another version of the orderers, and the operator is killed while one of them is down: still one after the other, transactions are committed throughout, and the turn is given back', async () => {
    const { mostDown, replaced } = await watching('orderer', async () => {
      const image = release('orderer', '3.1.99');
      await until('one is down', async () => (await Promise.all(orderers.map(podOf))).some((pod) => pod === undefined || !isUp(pod)));
      cluster.kubectl('--namespace', namespace, 'delete', 'pod', '--selector', 'app.kubernetes.io/component=operator', '--grace-period=0', '--force');
      await transactionsUntil(async () => (await Promise.all(orderers.map((each) => runs(each, image)))).every(Boolean));
    });
    assert.deepEqual([mostDown, replaced], [1, 3]);
    await until('it is nobody’s turn', async () => (await client.get(leases, { namespace: `gh-${name}`, name: disruptionLease }))?.spec?.holderIdentity === undefined);
  });

  test('and the volume grows when that is done', async () => {
    await api.request('mutation($id: ID!) { retryOperation(id: $id) { state } }', { id: growing });
    await succeeded(api, growing);
    assert.ok(isReady(await found('peer1')));
    cluster.kubectl('--namespace', core, 'annotate', 'node.guildhall.dev', 'peer1', 'guildhall.dev/confirm-deletion=peer1', 'guildhall.dev/delete-data=true');
    cluster.kubectl('--namespace', core, 'delete', 'node.guildhall.dev', 'peer1');
  });

  test('another version of the peers: one member’s after the other’s, and what was refused while the only one of a member was away is taken when it is sent again', async () => {
    const { mostDown, replaced } = await watching('peer', async () => {
      const image = release('peer', '3.1.99');
      const changed = async (): Promise<boolean> => (await Promise.all([core, supplier].map((of) => runs('peer0', image, of)))).every(Boolean);
      while (!(await changed())) {
        issued += 1;
        await until('a transaction is taken', () => issue(api, name, `n${issued}`), 60_000, 500);
      }
    });
    assert.deepEqual([mostDown, replaced], [1, 2]);
    await anotherBlock();
  });

  test('a drain takes one pod at a time: the next would go when it is back', async () => {
    const nodePods = async (): Promise<Pod[]> => (await client.list(podType, { labelSelector: 'app.kubernetes.io/component in (orderer,peer)' })).items;
    const drain = (): string => cluster.kubectl('drain', nodeName, '--pod-selector', 'app.kubernetes.io/component in (orderer,peer)', '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=30s');
    await running(api, name);
    const before = new Set((await nodePods()).map(({ metadata }) => metadata.uid));
    try {
      assert.throws(drain, /Cannot evict pod as it would violate the pod's disruption budget/);
      const evicted = (await nodePods()).filter(({ metadata }) => !before.has(metadata.uid));
      assert.equal(evicted.length, 1, evicted.map(({ metadata }) => metadata.name).join());
      assert.equal(evicted[0]?.spec.nodeName, undefined, 'there is no other machine for it');
    } finally {
      cluster.kubectl('uncordon', nodeName);
    }
    await running(api, name);
    await until('it is nobody’s turn', async () => (await client.get(leases, { namespace: `gh-${name}`, name: disruptionLease }))?.spec?.holderIdentity === undefined);
    await until('a transaction is taken', () => issue(api, name, 'after-drain'), 30_000);
  });

  test('a StatefulSet that is deleted comes back with its volume as it has grown', async () => {
    const former = await client.get(statefulSets, { namespace: core, name: 'peer0' });
    cluster.kubectl('--namespace', core, 'delete', 'statefulset', 'peer0');
    const next = await until('another is there', async () => {
      const set = await client.get(statefulSets, { namespace: core, name: 'peer0' });
      return set !== undefined && set.metadata.uid !== former?.metadata.uid && set;
    });
    const storage = [former, next].map((set) => set?.spec.volumeClaimTemplates?.[0]?.spec.resources?.requests?.['storage']);
    assert.deepEqual(storage, ['10Gi', '11Gi']);
    await until('the peer runs', async () => isReady(await found('peer0')) && (await podOf('peer0').then((pod) => pod !== undefined && isUp(pod))));
    await until('a transaction is taken', () => issue(api, name, 'after-set'), 30_000);
  });

  test('certificates that are deleted are written again', async () => {
    const ref = { namespace: core, name: 'orderer2-certificates' };
    const before = await client.get(secrets, ref);
    await client.delete(secrets, ref);
    await until('they are there', async () => {
      await anotherBlock();
      return client.get(secrets, ref);
    }, 90_000, 1_000).then((secret) => assert.deepEqual(secret.data, before?.data));
  });

  test('keys that are deleted while the pod runs are named and never replaced; restored, the node goes on by itself', async () => {
    const ref = { namespace: core, name: 'orderer2-keys' };
    const { data, type, immutable, metadata: { labels } } = (await client.get(secrets, ref)) ?? assert.fail('there are no keys');
    const pod = (await podOf('orderer2'))?.metadata.uid;
    await client.delete(secrets, ref);
    const stalled = await until('it says so', async () => {
      await anotherBlock();
      return condition('orderer2', 'Stalled');
    }, 90_000, 1_000);
    assert.equal(stalled.reason, 'KeyMissing');
    assert.match(stalled.message, /The Secret orderer2-keys with this node's keys is gone. Restore it from a backup/);
    assert.deepEqual([await client.get(secrets, ref), (await podOf('orderer2'))?.metadata.uid], [undefined, pod]);
    await client.create(secrets, { metadata: { ...ref, ...(labels ? { labels } : {}) }, ...(type ? { type } : {}), ...(data ? { data } : {}), ...(immutable ? { immutable } : {}) });
    await until('it is ready', async () => isReady(await found('orderer2')), 30_000);
    assert.equal((await podOf('orderer2'))?.metadata.uid, pod);
  });
});
