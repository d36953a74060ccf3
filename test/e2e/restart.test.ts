import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { namespaces } from '@guildhall/kubernetes';
import { certificateRequest, kinds, type CertificateRequest } from '@guildhall/resources';
import { clusterClient } from './support/cluster-api.ts';
import { begin, consortium, create, running, smallConsortium, succeeded, type ConsortiumView } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { signalProcess } from '@guildhall/local-cluster/process';
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
  await timed(t, 'a transaction, sent until it is taken', () => until('the transaction is committed', () => issue(guildhall.api, 'first', 'without-cluster')));
  await timed(t, 'until the local cluster is back', () => until('a new local cluster', () => home.processes().some(({ kind, pid }) => kind === 'local cluster' && pid !== cluster.pid)));
  const now = await until('the transaction is seen everywhere', async () => {
    const view = await running(guildhall.api, 'first');
    return Object.entries(heights(view)).every(([key, height]) => height > (before.heights[key] ?? 0)) && view;
  });
  assert.deepEqual(identityOf(now), identityOf(settled));
  assert.deepEqual(pods(), before.pods, 'the same processes, one for each pod');
});

test('after kill -9 of PostgreSQL the nodes run on, and it comes back by itself', async (t) => {
  home.expectErrors(/PostgreSQL could not be started again/, /the database does not answer/);
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

/** What there is of a consortium, beside the processes of all pods. */
const traces = async (name: string): Promise<Record<'objects' | 'certificates', Record<string, string>> & { pods: Record<string, number> }> => ({
  objects: await objects(name),
  certificates: await nodeCertificates(name),
  pods: pods(),
});

/** SIGKILL of Guildhall, the local cluster and PostgreSQL at once; of the nodes too when all of the machine's power goes. */
async function cut(what: 'all but the nodes' | 'power'): Promise<void> {
  const doomed = home.processes().filter(({ kind }) => what === 'power' || kind !== 'pod');
  for (const each of doomed) signalProcess(each, 'SIGKILL');
  await Promise.all(doomed.map(killHard));
}

for (const [index, afterMs] of [100, 500, 1000, 1700, 2500, 3500].entries()) {
  const everything = index % 2 === 1;
  test(`kill -9 of ${everything ? 'all but the nodes' : 'Guildhall'} ${afterMs} ms into a creation ends in the same running consortium, with nothing twice`, async (t) => {
    const name = `killed-${index}`;
    const id = await begin(guildhall.api, 'createConsortium', smallConsortium(name), name);
    await delay(afterMs);
    const seen = everything ? await traces(name) : undefined;
    await (everything ? cut('all but the nodes') : guildhall.killHard());
    const before = seen ?? (await traces(name));
    t.diagnostic(`killed with ${Object.keys(before.objects).length} objects, ${Object.keys(before.certificates).length} certificates, ${Object.keys(before.pods).length - 5} pods`);

    guildhall = await home.start();
    assert.equal(await begin(guildhall.api, 'createConsortium', smallConsortium(name), name), id, 'asked again under the same key, it is the same operation');
    await timed(t, 'until it is created', () => succeeded(guildhall.api, id));
    const view = await running(guildhall.api, name);
    assert.deepEqual(view.contracts.map(({ sequence }) => sequence), [1]);
    const after = await traces(name);
    contained(before.objects, after.objects);
    contained(before.certificates, after.certificates);
    contained(before.pods, after.pods);
    assert.equal(Object.keys(after.certificates).length, 6, 'two certificates for each of three nodes');
    assert.equal(Object.keys(after.pods).length, 10, 'five pods of each consortium');
    for (const { endpoint } of view.nodes) assert.ok(hostOf(endpoint) in after.pods);
    await agreeOnTerms(guildhall.api, name);
    await issue(guildhall.api, name, 'first');
    await succeeded(guildhall.api, await begin(guildhall.api, 'deleteConsortium', { name, confirmName: name, deleteData: true }));
  });
}

test('kill -9 in the middle of an upgrade ends in the upgraded contract, with its data', async (t) => {
  const id = await begin(guildhall.api, 'upgradeContract', { consortium: 'first', name: 'receivable', template: 'receivable', version: '2.0.0' });
  await delay(700);
  await guildhall.killHard();
  guildhall = await home.start();
  await timed(t, 'until it is upgraded', () => succeeded(guildhall.api, id));
  const [contract] = (await running(guildhall.api, 'first')).contracts;
  assert.deepEqual([contract?.committedVersion, contract?.sequence], ['2.0.0', 2]);
  assert.equal((await note(guildhall.api, 'first', 'before')).state, 'ISSUED');
  await until('the instances of the first version are gone', () => Object.keys(pods()).length === 5);
});

test('kill -9 in the middle of a deletion ends in the deletion', async (t) => {
  await create(guildhall.api, smallConsortium('doomed', { contract: false }));
  const id = await begin(guildhall.api, 'deleteConsortium', { name: 'doomed', confirmName: 'doomed', deleteData: true });
  await delay(300);
  await guildhall.killHard();
  guildhall = await home.start();
  await timed(t, 'until it is deleted', () => succeeded(guildhall.api, id));
  assert.deepEqual(await objects('doomed'), {});
  assert.equal(Object.keys(pods()).length, 5);
});

test('after a power cut everything comes back with its data', async (t) => {
  const before = await running(guildhall.api, 'first');
  await cut('power');
  assert.deepEqual(home.processes(), []);
  guildhall = await home.start();
  const view = await timed(t, 'until everything is ready again', () => running(guildhall.api, 'first'));
  assert.deepEqual(identityOf(view), identityOf(before));
  await timed(t, 'a transaction', () => issue(guildhall.api, 'first', 'after-power-cut'));
  assert.equal((await note(guildhall.api, 'first', 'before')).state, 'ISSUED');
  assert.deepEqual(identityOf(await running(guildhall.api, 'first')), identityOf(before));
});

test('Ctrl-C ends everything', () => guildhall.stop());
