import assert from 'node:assert/strict';
import test from 'node:test';
import {
  configMaps, controllerOf, events, persistentVolumeClaims, pods, secrets, services, statefulSets, type KubernetesObject, type ResourceType,
} from '@guildhall/kubernetes';
import { annotations, channel, certificateRequest, consortium, contract, contractInstallation, kinds, node } from '@guildhall/resources';
import { deleteAll } from './model/deletion.ts';
import { acme, reasonOf, running, until } from './model/journey.ts';

const listed = async (world: { client: { list: (type: ResourceType<KubernetesObject>) => Promise<{ items: KubernetesObject[] }> } }, types: readonly unknown[]): Promise<KubernetesObject[]> =>
  (await Promise.all(types.map((type) => world.client.list(type as ResourceType<KubernetesObject>)))).flatMap(({ items }) => items);
const placeOf = ({ kind, metadata: { namespace = '', name } }: KubernetesObject): string => `${kind} ${namespace}/${name}`;

test('whatever is made for an object belongs to it, in its namespace; keys belong to nobody', async (t) => {
  const world = await running(t);
  const owners = new Map((await listed(world, kinds.map(({ type }) => type))).map((object) => [object.metadata.uid, object]));
  const made = await listed(world, [services, statefulSets, configMaps, secrets, certificateRequest.type]);
  assert.ok(made.length > 20);
  for (const object of made) {
    const reference = controllerOf(object);
    if (object.kind === 'Secret' && object.metadata.name.endsWith('-keys') && !object.metadata.name.startsWith('receivable-')) {
      assert.equal(reference, undefined, `${placeOf(object)} outlives its Node`);
      continue;
    }
    assert.equal(reference?.blockOwnerDeletion, true, placeOf(object));
    assert.equal(owners.get(reference?.uid)?.metadata.namespace, object.metadata.namespace, placeOf(object));
  }
});

test('nothing is made for an object before it holds the finalizer that cleans up after it', async (t) => {
  const { life, ...world } = await running(t);
  for (const { kind, metadata: { namespace = '', name } } of await listed(world, [node.type, channel.type])) {
    const guarded = life.writes.indexOf(`patch ${kind} ${namespace}/${name}`);
    const first = kind === 'Node' ? `Service ${namespace}/${name}` : `ConfigMap ${namespace}/channel-${name}`;
    const made = life.writes.findIndex((write) => write.endsWith(first));
    assert.ok(guarded >= 0 && guarded < made, `${kind} ${name}: ${guarded}, ${made}`);
  }
});

test('no key is in a status, an event or anything else that is no Secret', async (t) => {
  const world = await running(t);
  const shown = await listed(world, [...kinds.map(({ type }) => type), services, statefulSets, configMaps, pods, persistentVolumeClaims, events]);
  for (const object of shown) assert.doesNotMatch(JSON.stringify(object), /PRIVATE KEY/, placeOf(object));
  const keys = (await world.client.list(secrets)).items.flatMap(({ data }) => Object.values(data ?? {})).filter((value) => Buffer.from(value, 'base64').includes('PRIVATE KEY'));
  assert.ok(keys.length > 0, 'they are in Secrets');
});

test('an event is written when something is degraded, once, and when it is well again', async (t) => {
  const world = await running(t);
  const peer = { namespace: acme, name: 'peer0' };
  const host = (await world.client.get(services, peer))?.spec.clusterIP ?? '';
  const count = async (notice: string): Promise<number> =>
    (await world.client.list(events, { namespace: acme })).items
      .filter(({ regarding, type, reason }) => regarding.kind === 'Node' && regarding.name === 'peer0' && `${type} ${reason}` === notice)
      .reduce((sum, { series }) => sum + (series?.count ?? 1), 0);
  world.fabric.hang(host, true);
  await until(world, node.type, peer, (object) => reasonOf(object, 'Degraded') === 'Unreachable');
  await world.untilQuiet(world.life);
  await world.until('the event is there', async () => (await count('Warning Unreachable')) > 0);
  assert.equal(await count('Warning Unreachable'), 1);
  const well = await count('Normal Ready');
  world.fabric.hang(host, false);
  await until(world, node.type, peer, (object) => reasonOf(object) === 'Ready');
  await world.until('the second event is there', async () => (await count('Normal Ready')) > well);
});

test('a paused object is left alone', async (t) => {
  const world = await running(t);
  const ref = { namespace: acme, name: 'peer0' };
  const pause = (value: string | null): Promise<unknown> => world.client.mergePatch(node.type, ref, { metadata: { annotations: { [annotations.paused]: value } } });
  await pause('true');
  await world.untilQuiet(world.life);
  await world.client.delete(statefulSets, ref);
  await world.untilQuiet(world.life);
  assert.equal(await world.client.get(statefulSets, ref), undefined);
  await pause(null);
  await until(world, statefulSets, ref, (object) => object !== undefined);
});

test('what has gone is not asked any more', async (t) => {
  const world = await running(t);
  await deleteAll(world.client, { withData: true });
  await until(world, consortium.type, { namespace: 'gh-trial', name: 'trial' }, (object) => object === undefined);
  await world.untilQuiet(world.life);
  const asked: string[] = [];
  for (const port of [world.fabric.peers, world.fabric.orderers, world.fabric.instances] as { inspect: (...args: never[]) => Promise<unknown> }[]) {
    const inspect = port.inspect;
    port.inspect = (...args) => {
      asked.push(JSON.stringify(args[0]));
      return inspect(...args);
    };
  }
  await world.untilQuiet(world.life);
  assert.deepEqual(asked, []);
  assert.deepEqual((await listed(world, [contract.type, contractInstallation.type])).map(placeOf), []);
});
