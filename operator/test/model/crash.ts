import assert from 'node:assert/strict';
import { configMaps, leases, persistentVolumeClaims, pods, secrets, services, statefulSets, type KubernetesObject, type ResourceType } from '@guildhall/kubernetes';
import { annotations, channelMembership, consortium, contract, contractInstallation, disruptionLease, kinds, labels, memberNamespace, node, signingRequest } from '@guildhall/resources';
import { isReady } from '../../src/outcome.ts';
import { writeNetwork, type NetworkSpec } from '../network.ts';
import { deleteAll } from './deletion.ts';
import type { Faults, Life } from './mortal.ts';
import { touchAll } from './second-pass.ts';
import { createModelWorld, type ModelWorld } from './world.ts';

export type Later = 'nothing' | 'other pods' | 'upgrade' | 'a peer more' | 'a peer less' | 'delete' | 'delete with data';

export interface CrashPlan {
  network: NetworkSpec;
  /** After how many writes each of the first lives ends. The last life goes on. */
  deaths: readonly number[];
  /** What is asked for once all is ready, and after how many writes the lives end that begin then. */
  later: Later;
  laterDeaths: readonly number[];
  watchTrouble: number;
  lostAnswers: number;
  /** Seed of what goes wrong when. */
  luck: number;
}

type Operator = Life & { stop(): Promise<void> };

/** Writes of the last life before and after that. */
export interface Writes {
  first: number;
  later: number;
}

/**
 * Kills the operator again and again while a network comes up, and again while it changes or goes, lets the last life finish, and holds what must be
 * true then: all is as it should be, nothing was made twice, and another look at everything writes nothing.
 */
export async function survive(plan: CrashPlan): Promise<Writes> {
  const world = await createModelWorld();
  const { network, later } = plan;
  try {
    const faults: Faults = { random: seeded(plan.luck), watchTrouble: plan.watchTrouble, lostAnswers: plan.lostAnswers };
    const written = writeNetwork(world.client, network);
    const up = await live(world, faults, plan.deaths, () => written.then(() => world.untilReady(network.name)));
    const first = up.writes.length;
    if (later === 'nothing') {
      await expectConverged(world, up, { ...network, version: '1' });
      return { first, later: 0 };
    }
    await up.stop();
    Object.assign(faults, { watchTrouble: plan.watchTrouble, lostAnswers: plan.lostAnswers });
    return { first, later: await changes[later](world, faults, plan) };
  } finally {
    await world.end();
  }
}

const changes: Record<Exclude<Later, 'nothing'>, (world: ModelWorld, faults: Faults, plan: CrashPlan) => Promise<number>> = {
  upgrade,
  'other pods': changePods,
  'a peer more': (world, faults, plan) => changePeers(world, faults, plan, 1),
  'a peer less': (world, faults, plan) => changePeers(world, faults, plan, -1),
  delete: remove,
  'delete with data': remove,
};

/** Lives that end too early, then one that gets there in peace. */
async function live(world: ModelWorld, faults: Faults, deaths: readonly number[], done: () => Promise<void>): Promise<Operator> {
  for (const writes of deaths) {
    const life = world.begin(faults);
    life.dieAfter(writes);
    await Promise.race([life.died, done()]);
    await life.stop();
  }
  const last = world.begin(faults);
  await done();
  Object.assign(faults, { watchTrouble: 0, lostAnswers: 0 });
  await world.untilQuiet(last);
  return last;
}

async function upgrade(world: ModelWorld, faults: Faults, { network, laterDeaths }: CrashPlan): Promise<number> {
  const next = { ...network, version: '2', artifactDigest: `sha256:${'cd'.repeat(32)}` };
  const written = writeNetwork(world.client, next);
  const committed = async (): Promise<boolean> => {
    const found = await world.client.get(contract.type, { namespace: `gh-${network.name}`, name: 'receivable' });
    return found !== undefined && isReady(found) && found.status?.committed?.version === '2';
  };
  const last = await live(world, faults, laterDeaths, async () => {
    await written;
    await world.until('the second version is committed', committed);
    await world.untilReady(network.name);
  });
  await expectConverged(world, last, next);
  const instances = (await world.client.list(statefulSets)).items.filter(({ metadata }) => metadata.name.startsWith('receivable-'));
  assert.equal(instances.length, network.peers.length, 'the instances of the first version are gone');
  return last.writes.length;
}

/** Every node is to have another pod. */
async function changePods(world: ModelWorld, faults: Faults, { network, laterDeaths }: CrashPlan): Promise<number> {
  const { client } = world;
  const asked = client.list(node.type).then(({ items }) => Promise.all(items.map(({ metadata }) => client.mergePatch(node.type, metadata, { spec: { resources: { cpu: '500m' } } }))));
  const changed = async (): Promise<boolean> => {
    const [found, nodes] = await Promise.all([client.list(pods), client.list(node.type)]);
    const own = found.items.filter(({ metadata }) => metadata.labels?.[labels.node] !== undefined);
    return own.length === nodes.items.length && nodes.items.every(isReady) && own.every(({ spec }) => spec.containers[0]?.resources?.limits?.['cpu'] === '500m');
  };
  const free = async (): Promise<boolean> => {
    const lease = await client.get(leases, { namespace: `gh-${network.name}`, name: disruptionLease });
    return lease !== undefined && lease.spec?.holderIdentity === undefined;
  };
  const last = await live(world, faults, laterDeaths, async () => {
    await asked;
    await world.until('every pod is another one', changed);
    await world.until('it is nobody’s turn any more', free);
    await world.untilReady(network.name);
  });
  await expectConverged(world, last, { ...network, version: '1' });
  return last.writes.length;
}

/** Each member has a peer more or less than before; the last one that it had goes, without its data. */
async function changePeers(world: ModelWorld, faults: Faults, { network, laterDeaths }: CrashPlan, by: 1 | -1): Promise<number> {
  const { client, fabric } = world;
  const { peersEach = 1 } = network;
  const next = { ...network, version: '1', peersEach: peersEach + by };
  const going = by < 0 ? network.peers.map((member) => ({ namespace: memberNamespace(network.name, member), name: `peer${peersEach - 1}` })) : [];
  const change = async (): Promise<void> => {
    await writeNetwork(client, next);
    for (const ref of going) {
      await client.mergePatch(node.type, ref, { metadata: { annotations: { [annotations.confirmDeletion]: ref.name } } });
      await client.delete(node.type, ref);
    }
  };
  const before = fabric.record.commits.length;
  const asked = change();
  const settled = async (): Promise<boolean> => {
    const [nodes, memberships, installations] = await Promise.all([client.list(node.type), client.list(channelMembership.type), client.list(contractInstallation.type)]);
    const peers = nodes.items.filter(({ spec }) => spec.role === 'peer').length;
    return peers === network.peers.length * next.peersEach && [nodes, memberships, installations].every(({ items }) => items.every(isReady));
  };
  const last = await live(world, faults, laterDeaths, async () => {
    await asked;
    await world.until('all peers that there are to be, and no others, are in', settled);
    await world.untilReady(network.name);
  });
  await expectConverged(world, last, next);
  assert.equal(fabric.record.commits.length, before, 'who has what does not concern the ledger');
  const claims = (await client.list(persistentVolumeClaims)).items.length;
  assert.equal(claims, network.orderers + network.peers.length * Math.max(peersEach, next.peersEach), 'a peer that goes leaves its volume');
  return last.writes.length;
}

async function remove(world: ModelWorld, faults: Faults, { network, later, laterDeaths, luck }: CrashPlan): Promise<number> {
  const withData = later === 'delete with data';
  const nodes = (await world.client.list(persistentVolumeClaims)).items.length;
  const asked = deleteAll(world.client, { backwards: luck % 2 === 0, withData });
  const gone = async (): Promise<boolean> => (await world.client.get(consortium.type, { namespace: `gh-${network.name}`, name: network.name })) === undefined;
  const last = await live(world, faults, laterDeaths, async () => {
    await asked;
    await world.until('the consortium is gone', gone);
  });
  const left = async (type: ResourceType<KubernetesObject>): Promise<string[]> => (await world.client.list(type)).items.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
  const ended = [...kinds.map(({ type }) => type), statefulSets, pods, services, configMaps] as ResourceType<KubernetesObject>[];
  assert.deepEqual((await Promise.all(ended.map(left))).flat(), [], 'nothing is left that runs or is agreed');
  const kept = withData ? 0 : nodes;
  assert.deepEqual([(await left(persistentVolumeClaims)).length, (await left(secrets)).length], [kept, kept], 'a volume and its keys for each node, or none');
  assert.deepEqual(world.violations, []);
  return last.writes.length;
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function expectConverged(world: ModelWorld, last: Operator, network: NetworkSpec): Promise<void> {
  const { client, fabric, violations } = world;
  // What was ready in a former life counts only when this one has found it so too, and without being woken by chance.
  assert.equal(await world.notReady(), '', 'nothing waits for what has come already');
  assert.deepEqual(violations, [], 'keys, identities and first blocks are made once');
  assert.equal(fabric.record.genesisBlocks.get('trade')?.size, 1, 'one first block');
  const commits = fabric.record.commits.map(({ contract: name, sequence }) => `${name}@${sequence}`);
  const versions = network.artifactDigest === undefined ? 0 : Number(network.version);
  assert.deepEqual(commits, Array.from({ length: versions }, (_, index) => `receivable@${index + 1}`), 'one commit for each version');
  assert.deepEqual((await client.list(signingRequest.type)).items.map(({ metadata }) => metadata.name), [], 'no signature is left over');
  const before = last.writes.length;
  await touchAll(client);
  await world.untilQuiet(last);
  assert.deepEqual(last.writes.slice(before), [], 'a second look at everything writes nothing');
}
