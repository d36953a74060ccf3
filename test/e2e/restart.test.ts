import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { namespaces } from '@guildhall/kubernetes';
import { certificateRequest, kinds, type CertificateRequest } from '@guildhall/resources';
import { clusterClient } from './support/cluster-api.ts';
import { begin, consortium, create, running, smallConsortium, succeeded, type ConsortiumView } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { killHard, podProcesses } from './support/processes.ts';
import { agreeOnTerms, issue, note } from './support/receivable.ts';
import { timed } from './support/timings.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
before(async () => {
  home = await createHome();
  guildhall = await home.start();
});
after(() => home[Symbol.asyncDispose]());

const hostOf = (endpoint: string | null): string => (endpoint ?? '').split(':')[0] ?? '';

/** What must be the same before and after: keys and certificates, places, first block, code. */
const identityOf = ({ nodes, channels, contracts, members }: ConsortiumView): unknown => ({
  members,
  nodes: nodes.map(({ name, member, endpoint, certificates }) => ({ name, member, endpoint, certificates })),
  channels: channels.map(({ name, genesisDigest }) => ({ name, genesisDigest })),
  contracts: contracts.map(({ name, committedVersion, sequence, packageId }) => ({ name, committedVersion, sequence, packageId })),
});

const heights = ({ nodes }: ConsortiumView): Record<string, number> =>
  Object.fromEntries(nodes.flatMap(({ member, name, channels }) => channels.map((channel) => [`${member}/${name}/${channel.name}`, channel.height])));

/** Process id of each pod by its address; fails when a pod has two processes. */
function pods(): Record<string, number> {
  return Object.fromEntries(
    [...podProcesses(home.path)].map(([address, found]) => {
      assert.equal(found.length, 1, `two processes for the pod at ${address}`);
      return [address, found[0]!.pid];
    }),
  );
}

/** One object of each kind and place: the uid of each, and one request of each use for each node. */
async function objects(name: string): Promise<Record<string, string>> {
  const client = clusterClient(home.path, 'guildhall-control-plane');
  const found: Record<string, string> = {};
  for (const { type } of kinds) {
    for (const { metadata } of (await client.list(type, { labelSelector: `guildhall.dev/consortium=${name}` })).items) {
      if (type.kind !== 'CertificateRequest' && type.kind !== 'SigningRequest') found[`${type.kind} ${metadata.namespace}/${metadata.name}`] = metadata.uid ?? '';
    }
  }
  for (const { metadata } of (await client.list(namespaces, { labelSelector: `guildhall.dev/consortium=${name}` })).items) found[`Namespace ${metadata.name}`] = metadata.uid ?? '';
  return found;
}

async function nodeCertificates(name: string): Promise<Record<string, string>> {
  const client = clusterClient(home.path, 'guildhall-control-plane');
  const { items } = await client.list(certificateRequest.type, { labelSelector: `guildhall.dev/consortium=${name}` });
  const ofNodes = (items as CertificateRequest[]).filter(({ spec, status }) => spec.node !== undefined && status?.certificate !== undefined);
  const certificates = ofNodes.map(({ metadata, spec, status }) => [`${metadata.namespace}/${spec.node} ${spec.profile}`, status?.certificate ?? '']);
  assert.equal(new Set(certificates.map(([key]) => key)).size, certificates.length, 'a node was given two certificates of one use');
  return Object.fromEntries(certificates) as Record<string, string>;
}

const contained = (part: Record<string, unknown>, whole: Record<string, unknown>): void => assert.deepEqual(Object.fromEntries(Object.keys(part).map((key) => [key, whole[key]])), part);

let settled: ConsortiumView;

test('Ctrl-C and a new start bring every network back with its data', async (t) => {
  await timed(t, 'create', () => create(guildhall.api, smallConsortium('first')));
  await agreeOnTerms(guildhall.api, 'first');
  await issue(guildhall.api, 'first', 'before');
  const before = await running(guildhall.api, 'first');
  await timed(t, 'Ctrl-C', () => guildhall.stop());

  guildhall = await home.start();
  t.diagnostic(`${(guildhall.readyAfterMs / 1000).toFixed(2)} s  until the API answers again`);
  settled = await timed(t, 'until everything is ready again', () => running(guildhall.api, 'first'));
  assert.deepEqual(identityOf(settled), identityOf(before));
  assert.equal((await note(guildhall.api, 'first', 'before')).state, 'ISSUED');
  await timed(t, 'a transaction', () => issue(guildhall.api, 'first', 'after'));
});

test('after kill -9 of Guildhall the nodes run on, and a new start adopts them', async () => {
  const before = pods();
  assert.equal(Object.keys(before).length, 5, 'two peers, an orderer and two instances of the contract');
  await guildhall.killHard();
  await delay(500);
  assert.deepEqual(pods(), before);
  guildhall = await home.start();
  assert.deepEqual(identityOf(await running(guildhall.api, 'first')), identityOf(settled));
  assert.deepEqual(pods(), before);
  await issue(guildhall.api, 'first', 'adopted');
});

test('after kill -9 of the local cluster the nodes run on, and it comes back by itself', async (t) => {
  const before = { pods: pods(), heights: heights(await running(guildhall.api, 'first')) };
  const cluster = home.processes().find(({ kind }) => kind === 'local cluster')!;
  await killHard(cluster);
  await timed(t, 'a transaction meanwhile', () => issue(guildhall.api, 'first', 'without-cluster'));
  await timed(t, 'until the local cluster is back', () => until('a new local cluster', () => home.processes().some(({ kind, pid }) => kind === 'local cluster' && pid !== cluster.pid)));
  const now = await until('the transaction is seen everywhere', async () => {
    const view = await running(guildhall.api, 'first');
    return Object.entries(heights(view)).every(([key, height]) => height > (before.heights[key] ?? 0)) && view;
  });
  assert.deepEqual(identityOf(now), identityOf(settled));
  assert.deepEqual(pods(), before.pods, 'the same processes, one for each pod');
});

test('after kill -9 of PostgreSQL the nodes run on, and it comes back by itself', async (t) => {
  home.expectErrors(/PostgreSQL could not be started again/);
  const before = pods();
  const postgres = home.processes().find(({ command }) => /\/postgres -D/.test(command))!;
  await killHard(postgres);
  await timed(t, 'until the API answers again', () => until('the API answers', async () => (await consortium(guildhall.api, 'first')).ready));
  await timed(t, 'a transaction', () => issue(guildhall.api, 'first', 'after-postgres'));
  await timed(t, 'another consortium', async () => succeeded(guildhall.api, await begin(guildhall.api, 'createConsortium', smallConsortium('second', { contract: false }))));
  assert.deepEqual(identityOf(await running(guildhall.api, 'first')), identityOf(settled));
  contained(before, pods());
  await succeeded(guildhall.api, await begin(guildhall.api, 'deleteConsortium', { name: 'second', confirmName: 'second', deleteData: true }));
  assert.deepEqual(pods(), before);
});

for (const [index, afterMs] of [100, 500, 1000, 1700, 2500, 3500].entries()) {
  test(`kill -9 ${afterMs} ms into a creation ends in the same running consortium, with nothing twice`, async (t) => {
    const name = `killed-${index}`;
    const id = await begin(guildhall.api, 'createConsortium', smallConsortium(name), name);
    await delay(afterMs);
    const step = (await guildhall.api.request<{ operation: { steps: { name: string; state: string }[] } }>('query($id: ID!) { operation(id: $id) { steps { name state } } }', { id })).operation.steps.findLast(({ state }) => state !== 'pending');
    await guildhall.killHard();
    t.diagnostic(`killed in step ${step?.name}`);
    const before = { objects: await objects(name), certificates: await nodeCertificates(name), pods: pods() };

    guildhall = await home.start();
    assert.equal(await begin(guildhall.api, 'createConsortium', smallConsortium(name), name), id, 'asked again under the same key, it is the same operation');
    await timed(t, 'until it is created', () => succeeded(guildhall.api, id));
    const view = await running(guildhall.api, name);
    assert.deepEqual(view.contracts.map(({ sequence }) => sequence), [1]);
    contained(before.objects, await objects(name));
    contained(before.certificates, await nodeCertificates(name));
    const now = pods();
    contained(before.pods, now);
    assert.equal(Object.keys(now).length, 10, 'five pods of each consortium');
    for (const { endpoint } of view.nodes) assert.ok(hostOf(endpoint) in now);
    await agreeOnTerms(guildhall.api, name);
    await issue(guildhall.api, name, 'first');
    await succeeded(guildhall.api, await begin(guildhall.api, 'deleteConsortium', { name, confirmName: name, deleteData: true }));
  });
}

test('Ctrl-C ends everything', () => guildhall.stop());
