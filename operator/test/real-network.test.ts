import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'node:test';
import { catalogueEntry as receivable } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import { pods, statefulSets, type KubernetesObject, type ResourceType } from '@guildhall/kubernetes';
import { annotations, channel, channelMembership, consortium, contract, contractInstallation, member, node, type Node } from '@guildhall/resources';
import { fabricPrograms } from '../../packages/fabric/test/nodes/programs.ts';
import { isReady } from '../src/outcome.ts';
import { writeNetwork } from './network.ts';
import { startWorld, type World } from './world.ts';

const acme = 'gh-trial--acme';
const peer = { namespace: acme, name: 'peer0' };

async function until<T extends KubernetesObject>(world: World, type: ResourceType<T>, ref: { namespace: string; name: string }, holds: (object: T | undefined) => boolean): Promise<T | undefined> {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const object = await world.clients.controlPlane.get(type, ref);
    if (holds(object)) return object;
    if (Date.now() > deadline) throw new Error(`${type.kind} ${ref.name} stays as it is: ${JSON.stringify(object, undefined, 1)}`);
    await delay(10);
  }
}

/** The process of a node, by the word of the cluster. */
async function processOf(world: World, name: string, namespace: string): Promise<number> {
  const pod = await world.clients.operator.get(pods, { namespace, name: `${name}-0` });
  const pid = Number(/(\d+)/.exec(pod?.status?.containerStatuses?.[0]?.containerID ?? '')?.[1]);
  assert.ok(pid > 1, `the pod of ${name} names no process: ${JSON.stringify(pod?.status)}`);
  return pid;
}

const ready = (object: KubernetesObject | undefined): boolean => object !== undefined && isReady(object);

test('a network on real programs: up, through faults and a new operator, upgraded, and down again', async (t) => {
  const built = await Promise.all(receivable.versions.slice(0, 2).map(({ entry }) => buildContract({ entry })));
  const [first, second] = built;
  if (first === undefined || second === undefined) throw new Error('the receivable has no two versions');
  const { silentLogger: logger } = await import('@guildhall/kubernetes');
  const artifacts = new Map(built.map(({ digest, artifact }) => [digest, Buffer.from(artifact).toString('utf8')]));
  const world = await startWorld({ fabric: dirname(fabricPrograms().path('peer')), artifacts, logger });
  t.after(() => world.stop());
  let operator = world.startOperator();
  t.after(() => operator.stop());
  const { controlPlane } = world.clients;
  const network = { name: 'trial', orderers: 3, peers: ['acme', 'bank'], artifactDigest: first.digest };
  const whole = { namespace: 'gh-trial', name: 'trial' };
  await writeNetwork(controlPlane, network);
  await until(world, consortium.type, whole, ready);

  await t.test('the end of a process shows, and the node is back without help', async (t) => {
    const began = performance.now();
    process.kill(await processOf(world, 'peer0', acme), 'SIGKILL');
    await until(world, node.type, peer, (object) => object?.status?.health?.state !== 'Healthy' || (object.status.restarts ?? 0) > 0);
    t.diagnostic(`the end showed after ${Math.round(performance.now() - began)} ms`);
    await until(world, node.type, peer, (object) => ready(object) && object?.status?.restarts === 1);
    await until(world, consortium.type, whole, ready);
    t.diagnostic(`all was well again after ${Math.round(performance.now() - began)} ms`);
  });

  await t.test('a process that hangs shows, and is ended and started again', async (t) => {
    const began = performance.now();
    process.kill(await processOf(world, 'orderer1', 'gh-trial--ordering'), 'SIGSTOP');
    const orderer = { namespace: 'gh-trial--ordering', name: 'orderer1' };
    await until(world, node.type, orderer, (object) => object?.status?.health?.state === 'Unreachable');
    t.diagnostic(`the hang showed after ${Math.round(performance.now() - began)} ms`);
    await until(world, node.type, orderer, (object: Node | undefined) => ready(object) && (object?.status?.restarts ?? 0) > 0);
    await until(world, channel.type, { namespace: 'gh-trial', name: 'trade' }, ready);
    t.diagnostic(`all was well again after ${Math.round(performance.now() - began)} ms`);
  });

  await t.test('another operator goes on where the first one ended', async () => {
    const before = await controlPlane.get(node.type, peer);
    await operator.stop();
    operator = world.startOperator();
    const ended = await processOf(world, 'peer0', 'gh-trial--bank');
    process.kill(ended, 'SIGKILL');
    await until(world, node.type, { namespace: 'gh-trial--bank', name: 'peer0' }, (object) => ready(object) && object?.status?.restarts === 1);
    const after = await controlPlane.get(node.type, peer);
    assert.deepEqual(after?.status?.certificates, before?.status?.certificates, 'identities stay');
    assert.equal(after?.status?.restarts, before?.status?.restarts, 'no node was restarted for it');
  });

  await t.test('a contract is upgraded', async () => {
    await writeNetwork(controlPlane, { ...network, artifactDigest: second.digest, version: '2' });
    const upgraded = await until(world, contract.type, { namespace: 'gh-trial', name: 'receivable' }, (object) => ready(object) && object?.status?.committed?.sequence === 2);
    assert.equal(upgraded?.status?.committed?.artifactDigest, second.digest);
    await until(world, consortium.type, whole, ready);
  });

  await t.test('everything ends when it is deleted', async () => {
    for (const type of [contractInstallation, contract, channelMembership, channel, node, member, consortium].map((kind) => kind.type as ResourceType<KubernetesObject>)) {
      for (const { metadata } of (await controlPlane.list(type)).items) {
        const { name, namespace = '' } = metadata;
        await controlPlane.mergePatch(type, { namespace, name }, { metadata: { annotations: { [annotations.confirmDeletion]: name, [annotations.deleteData]: 'true' } } });
        await controlPlane.delete(type, { namespace, name });
      }
    }
    await until(world, consortium.type, whole, (object) => object === undefined);
    assert.deepEqual((await world.clients.operator.list(statefulSets)).items, []);
    assert.deepEqual((await world.clients.operator.list(pods)).items.map(({ metadata }) => metadata.name), []);
  });
});
