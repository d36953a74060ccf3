import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../conformance/random-writes.ts';
import { createApi, type Api } from '../e2e/support/api.ts';
import { begin, create, running, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { startFaultyProxy } from '../support/kubernetes/faulty-proxy.ts';
import { adminToken, install, loadImages, namespace, openToOutside, values } from './support/installation.ts';
import { inventory, namespacesOf } from './support/inventory.ts';

const seed = Number(process.env['GUILDHALL_SEED'] ?? randomInt(2 ** 31));
/** How often something is killed during one creation. */
const kills = Number(process.env['GUILDHALL_FAULT_ROUNDS'] ?? 5);
assert.ok(Number.isSafeInteger(kills) && kills > 0, `GUILDHALL_FAULT_ROUNDS is a number from 1 on, not ${process.env['GUILDHALL_FAULT_ROUNDS']}`);
const takeOverMs = 25_000;

describe(`faults on a node of Kubernetes (GUILDHALL_SEED=${seed})`, { skip: skipWithoutNode }, () => {
  const random = createRandom(seed);
  const said = (what: string): void => void process.stderr.write(`${what}\n`);
  let node: KubernetesNode;
  let api: Api;
  /** Of a creation that nothing disturbed. */
  let expected: { ms: number; objects: string[]; transactions: string[] };

  /** What was ordered on a consortium's channel: each call and whose it was. */
  const ordered = async (consortium: string): Promise<string[]> => {
    const query = 'query($name: String!) { consortium(name: $name) { channels { transactions(first: 50) { edges { node { function creator { mspId } validation { valid } } } } } } }';
    interface Found { consortium: { channels: { transactions: { edges: { node: { function: string | null; creator: { mspId: string } | null; validation: { valid: boolean } } }[] } }[] } }
    const found = await api.request<Found>(query, { name: consortium });
    return found.consortium.channels.flatMap(({ transactions }) => transactions.edges.map(({ node: { function: called, creator, validation } }) =>
      // Whoever is first commits for all.
      `${called} ${called === 'CommitChaincodeDefinition' ? '' : (creator?.mspId ?? '')} ${validation.valid}`)).toSorted();
  };

  before(async () => {
    node = await startTestNode();
    loadImages(node);
    install(node, { ...values, replicas: { ...values.replicas, operator: 2 } });
    // Not by a way through the API server, which is killed here.
    api = createApi(openToOutside(node), adminToken(node));
    const began = performance.now();
    await create(api, smallConsortium('calm'));
    await running(api, 'calm');
    const ms = performance.now() - began;
    const transactions = await until('the commit of its contract is shown', async () => {
      const found = await ordered('calm');
      return found.some((line) => line.startsWith('CommitChaincodeDefinition')) && found;
    });
    expected = { ms, objects: inventory(node, 'calm'), transactions };
    said(`an undisturbed creation took ${(ms / 1000).toFixed(1)} s`);
  });
  after(() => node?.stop());

  /** Everything is there as after an undisturbed creation, once, and it works. */
  async function isWhole(name: string): Promise<void> {
    await running(api, name);
    await until(`${name} has what an undisturbed consortium has`, async () => {
      assert.deepEqual(inventory(node, name), expected.objects);
      assert.deepEqual(await ordered(name), expected.transactions);
      return true;
    }, 60_000, 1_000);
    await agreeOnTerms(api, name);
    await issue(api, name, 'after');
    assert.equal((await note(api, name, 'after')).state, 'ISSUED');
  }

  /** Kills again and again at random points of a creation, as far as time is the creation's own: while what it needs is down, nothing goes on. */
  async function createWhile(name: string, kill: () => Promise<void>): Promise<void> {
    const points = Array.from({ length: kills }, () => random.below(expected.ms)).toSorted((a, b) => a - b);
    const id = await begin(api, 'createConsortium', smallConsortium(name));
    for (const [index, point] of points.entries()) {
      await delay(point - (points[index - 1] ?? 0));
      await kill();
    }
    await succeeded(api, id);
    await isWhole(name);
  }

  /** With its data, while something is killed once more: nothing is left. */
  async function removeWhile(name: string, kill: () => Promise<void>): Promise<void> {
    const id = await begin(api, 'deleteConsortium', { name, confirmName: name, deleteData: true });
    await delay(random.below(3_000));
    await kill();
    await succeeded(api, id);
    await until(`the namespaces of ${name} are gone`, () => namespacesOf(node, name).length === 0);
  }

  for (const program of ['kube-apiserver', 'etcd'] as const) {
    test(`${program} is killed ${kills} times in the middle of a creation, and once of a deletion`, async () => {
      const name = `without-${program.replace('kube-', '')}`;
      await createWhile(name, () => node.api.restart(program));
      await removeWhile(name, () => node.api.restart(program));
    });
  }

  const leader = (): string => /^(guildhall-operator-[a-z0-9]+-[a-z0-9]{5})-/.exec(node.kubectl('--namespace', namespace, 'get', 'lease', 'guildhall-operator', '--output', 'jsonpath={.spec.holderIdentity}'))?.[1] ?? '';
  /** Takes away what the operator says of a consortium, which whoever works says again. */
  const reconciled = async (): Promise<void> => {
    const status = (): string => node.kubectl('--namespace', 'gh-calm', 'get', 'consortium.guildhall.dev', 'calm', '--output', 'jsonpath={.status.summary}');
    node.kubectl('--namespace', 'gh-calm', 'patch', 'consortium.guildhall.dev', 'calm', '--subresource=status', '--type=merge', '--patch', '{"status":null}');
    await until('an operator says how a consortium is', () => status() !== '', 2 * takeOverMs, 200);
  };

  test(`the operator that leads is killed ${kills} times in the middle of a creation: the other one reconciles within ${takeOverMs / 1000} s`, async () => {
    await createWhile('without-leader', async () => {
      const former = await until('one leads', leader);
      node.kill(namespace, former);
      const began = performance.now();
      await reconciled();
      const took = performance.now() - began;
      said(`${(took / 1000).toFixed(1)} s until another operator reconciles`);
      assert.ok(took <= takeOverMs, `${took} ms`);
    });
  });

  test('the API server refuses with 429, connections break, answers are lost or late, and watches are dropped: a creation and a deletion end as without', async () => {
    const proxy = await startFaultyProxy({ server: node.api.server, certificateAuthority: node.api.certificateAuthority, host: node.sandbox.outside, seed });
    const ready = (): boolean => node.kubectl('--namespace', namespace, 'get', 'deployment', 'guildhall-operator', '--output', 'jsonpath={.status.updatedReplicas} {.status.replicas} {.status.availableReplicas}') === '1 1 1';
    const operatorAt = async (url: string, replicas: number): Promise<void> => {
      node.kubectl('--namespace', namespace, 'set', 'env', 'deployment/guildhall-operator', `GUILDHALL_CLUSTER_URL=${url}`);
      node.kubectl('--namespace', namespace, 'scale', 'deployment/guildhall-operator', `--replicas=${replicas}`);
    };
    try {
      await operatorAt(proxy.url, 1);
      await until('the operator works over the proxy', ready, 120_000, 500);
      const id = await begin(api, 'createConsortium', smallConsortium('rough'));
      await succeeded(api, id);
      await isWhole('rough');
      await removeWhile('rough', () => Promise.resolve());
      said(`met on the way: ${JSON.stringify(proxy.met)}`);
      for (const [fault, times] of Object.entries(proxy.met)) assert.ok(times >= 5, `${fault} was met ${times} times only`);
    } finally {
      proxy.stop();
    }
  });
});
