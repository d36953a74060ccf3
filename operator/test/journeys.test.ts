import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { configMaps, persistentVolumeClaims, pods, secrets, services, statefulSets, type Secret } from '@guildhall/kubernetes';
import { annotations, channel, channelMembership, consortium, contract, contractInstallation, kinds, node } from '@guildhall/resources';
import { deleteAll } from './model/deletion.ts';
import { acme, digest, messageOf, reasonOf, running, trial, until } from './model/journey.ts';
import { createModelWorld } from './model/world.ts';
import { isReady } from '../src/outcome.ts';
import { writeNetwork } from './network.ts';

test('a node’s status tells where it is, what it shows and that it hangs, ends and comes back', async (t) => {
  const world = await running(t);
  const peer = { namespace: acme, name: 'peer0' };
  const status = (await until(world, node.type, peer, (object) => object?.status?.channels?.[0]?.height === 4))?.status;
  const host = status?.endpoint?.split(':')[0] ?? '';
  assert.deepEqual([status?.endpoint, status?.operationsEndpoint, status?.health?.state, status?.version], [`${host}:7051`, `${host}:9443`, 'Healthy', '3.1.0']);
  assert.deepEqual(status?.certificates?.map(({ use }) => use), ['identity', 'tls']);
  assert.deepEqual(status?.channels, [{ name: 'trade', height: 4, lag: 0 }]);

  world.fabric.hang(host, true);
  const hung = await until(world, node.type, peer, (object) => object?.status?.health?.state === 'Unreachable');
  assert.equal(reasonOf(hung, 'Degraded'), 'Unreachable');
  await until(world, channel.type, { namespace: 'gh-trial', name: 'trade' }, (object) => reasonOf(object) === 'Unreachable');
  await world.kubelet.restart(acme, 'peer0');
  const back = await until(world, node.type, peer, (object) => object?.status?.health?.state === 'Healthy');
  assert.equal(back?.status?.restarts, 1);
  await world.untilReady('trial');
});

test('a node that is asked to restart is ready again only when another process runs, and the same wish is carried out once', async (t) => {
  const world = await running(t);
  const peer = { namespace: acme, name: 'peer0' };
  const before = await world.client.get(pods, { namespace: acme, name: 'peer0-0' });
  const wish = { spec: { restartedAt: '2026-01-01T00:00:00Z' } };
  const { metadata: { generation } } = await world.client.mergePatch(node.type, peer, wish);
  const back = await until(world, node.type, peer, (object) => object !== undefined && isReady(object) && object.metadata.generation === generation);
  const after = await world.client.get(pods, { namespace: acme, name: 'peer0-0' });
  assert.notEqual(after?.metadata.uid, before?.metadata.uid);
  assert.equal(back?.status?.pod?.name, 'peer0-0');
  assert.notEqual(back?.status?.pod?.startedAt, '2026-01-01T00:00:00Z');
  await world.untilReady('trial');
  await world.client.mergePatch(node.type, peer, wish);
  await world.untilQuiet(world.life);
  assert.equal((await world.client.get(pods, { namespace: acme, name: 'peer0-0' }))?.metadata.uid, after?.metadata.uid);
});

test('a peer that is added joins, catches up and gets the contract; one that is removed leaves its data, and comes back with it', async (t) => {
  const world = await running(t);
  const { record } = world.fabric;
  const [joins, installs] = [record.joins.length, record.installs.length];
  const instance = async (): Promise<string | undefined> => (await world.client.get(contractInstallation.type, { namespace: acme, name: 'receivable' }))?.status?.instance?.name;
  const served = await instance();
  const withPeers = async (peersEach: number): Promise<void> => {
    await writeNetwork(world.client, { ...trial, peersEach });
    await until(world, channelMembership.type, { namespace: acme, name: 'trade' }, (object) => object !== undefined && isReady(object) && object.status?.peers?.length === peersEach);
    await until(world, contractInstallation.type, { namespace: acme, name: 'receivable' }, (object) => object !== undefined && isReady(object) && object.status?.installedOn?.length === peersEach);
    await world.untilReady('trial');
  };
  const peer = { namespace: acme, name: 'peer1' };
  await withPeers(2);
  assert.deepEqual([record.joins.length - joins, record.installs.length - installs], [2, 2], 'one more for each of the two members, and nobody again');
  assert.equal(await instance(), served, 'the same instance serves both');
  const folder = await world.client.get(configMaps, { namespace: acme, name: 'peer1-contracts' });
  assert.equal(Object.keys(folder?.data ?? {}).length, 1);
  assert.equal((await world.client.get(node.type, peer))?.status?.channels?.[0]?.lag, 0);
  const keys = await world.client.get(secrets, { namespace: acme, name: 'peer1-keys' });

  await world.client.mergePatch(node.type, peer, { metadata: { annotations: { [annotations.confirmDeletion]: 'peer1' } } });
  await world.client.delete(node.type, peer);
  await until(world, node.type, peer, (object) => reasonOf(object) === 'Deleting');
  assert.notEqual(await world.client.get(pods, { namespace: acme, name: 'peer1-0' }), undefined, 'it runs as long as something counts on it');
  await writeNetwork(world.client, { ...trial, peersEach: 2, without: ['acme/peer1'] });
  await until(world, node.type, peer, (object) => object === undefined);
  await world.untilReady('trial');
  assert.equal(await world.client.get(statefulSets, peer), undefined);
  assert.deepEqual((await world.client.get(secrets, { namespace: acme, name: 'peer1-keys' }))?.data, keys?.data);

  await withPeers(2);
  assert.deepEqual((await world.client.get(secrets, { namespace: acme, name: 'peer1-keys' }))?.data, keys?.data, 'it is the same peer');
  assert.equal(world.violations.length, 0);
  assert.deepEqual(record.commits.map(({ sequence }) => sequence), [1]);
});

test('a channel stays as it is when the consent names an anchor peer no longer, and the member is told', async (t) => {
  const world = await running(t);
  await world.client.mergePatch(channelMembership.type, { namespace: acme, name: 'trade' }, { spec: { anchorPeers: [] } });
  const stalled = await until(world, channelMembership.type, { namespace: acme, name: 'trade' }, (object) => reasonOf(object, 'Stalled') === 'InvalidSpec');
  assert.match(messageOf(stalled), /made with the anchor peers peer0 of this member/);
});

test('a quorum that is lost is told, and is back when an orderer is', async (t) => {
  const world = await running(t);
  const ordering = 'gh-trial--ordering';
  const hosts = await Promise.all(['orderer1', 'orderer2'].map(async (name) => (await world.client.get(services, { namespace: ordering, name }))?.spec.clusterIP ?? ''));
  const trade = { namespace: 'gh-trial', name: 'trade' };
  for (const host of hosts) world.fabric.hang(host, true);
  const lost = await until(world, channel.type, trade, (object) => reasonOf(object) === 'QuorumLost');
  assert.match(lost?.status?.conditions?.find(({ type }) => type === 'Degraded')?.message ?? '', /2 of 3 orderers are down .* needs 2 of 3 and has 1/);
  world.fabric.hang(hosts[0] ?? '', false);
  await until(world, channel.type, trade, (object) => reasonOf(object) === 'Unhealthy');
  world.fabric.hang(hosts[1] ?? '', false);
  await until(world, channel.type, trade, (object) => reasonOf(object) === 'Ready');
});

test('an orderer that the first election does not need begins when the channel tells of a leader, without any time passing', async (t) => {
  const clock = createFakeClock();
  const world = await createModelWorld({ clock });
  t.after(() => world.end());
  world.begin();
  await writeNetwork(world.client, trial);
  const trade = { namespace: 'gh-trial', name: 'trade' };
  const orderers = async (): Promise<number> => (await world.client.list(statefulSets, { namespace: 'gh-trial--ordering' })).items.length;
  while ((await world.client.get(channel.type, trade))?.status?.leader === undefined) {
    assert.ok((await orderers()) < 3, 'the third waits for the leader');
    assert.ok(clock.monotonic() < 2000, 'the leader is there before the third would begin by itself');
    await clock.advance(5);
  }
  await until(world, statefulSets, { namespace: 'gh-trial--ordering', name: 'orderer1' }, (object) => object !== undefined);
  assert.equal(await orderers(), 3);
});

test('another version of a contract takes over from the first without a gap', async (t) => {
  const world = await running(t);
  const instance = async (): Promise<string | undefined> => (await world.client.get(contractInstallation.type, { namespace: acme, name: 'receivable' }))?.status?.instance?.name;
  const before = await instance();
  await writeNetwork(world.client, { ...trial, artifactDigest: digest('cd'), version: '2' });
  const upgraded = await until(world, contract.type, { namespace: 'gh-trial', name: 'receivable' }, (object) => object?.status?.committed?.sequence === 2 && reasonOf(object) === 'Ready');
  assert.deepEqual(upgraded?.status?.committed, { sequence: 2, version: '2', artifactDigest: digest('cd'), endorsementPolicy: '' });
  await world.untilReady('trial');
  await world.untilQuiet(world.life);
  const after = await instance();
  assert.notEqual(after, before);
  assert.deepEqual(new Set((await world.client.list(statefulSets, { namespace: acme })).items.map(({ metadata }) => metadata.name)), new Set(['peer0', after]), 'the former instance is gone');
  const folder = await world.client.get(configMaps, { namespace: acme, name: 'peer0-contracts' });
  assert.deepEqual(Object.keys(folder?.data ?? {}), [`${upgraded?.status?.label}.json`]);
  assert.deepEqual(world.fabric.record.commits.map(({ sequence }) => sequence), [1, 2]);
});

test('an image takes over from what Guildhall built, and keeps its place when it is got from elsewhere', async (t) => {
  const world = await running(t);
  const byImage = (registry: string): Promise<void> => writeNetwork(world.client, { ...trial, image: `${registry}.example/receivable@${digest('cd')}`, version: '2' });
  await byImage('registry');
  const upgraded = await until(world, contract.type, { namespace: 'gh-trial', name: 'receivable' }, (object) => object?.status?.committed?.sequence === 2 && reasonOf(object) === 'Ready');
  assert.equal(upgraded?.status?.committed?.artifactDigest, digest('cd'));
  await world.untilReady('trial');
  await byImage('mirror');
  const image = async (): Promise<string | undefined> => {
    const sets = (await world.client.list(statefulSets, { namespace: acme })).items.filter(({ metadata }) => metadata.name !== 'peer0');
    assert.equal(sets.length, 1, 'the former instance is gone');
    return sets[0]?.spec.template.spec.containers[0]?.image;
  };
  await world.untilReady('trial');
  await world.untilQuiet(world.life);
  assert.equal(await image(), `mirror.example/receivable@${digest('cd')}`);
  assert.deepEqual(world.fabric.record.commits.map(({ sequence }) => sequence), [1, 2], 'the same code is not committed twice');
});

test('a contract that a member has not consented to anew is not changed', async (t) => {
  const world = await running(t);
  const spec = { channel: 'trade', version: '2', artifactDigest: digest('cd'), endorsementPolicy: '' };
  await world.client.apply(contract.type, { metadata: { namespace: 'gh-trial', name: 'receivable' }, spec }, { force: true });
  await until(world, contractInstallation.type, { namespace: acme, name: 'receivable' }, (object) => reasonOf(object, 'Stalled') === 'ConsentOutdated');
  await until(world, contract.type, { namespace: 'gh-trial', name: 'receivable' }, (object) => reasonOf(object) === 'WaitingForConsent' || reasonOf(object) === 'WaitingForApproval');
  await world.untilQuiet(world.life);
  assert.deepEqual(world.fabric.record.commits.map(({ sequence }) => sequence), [1]);
});

test('a key that is gone stalls its node, and no other is made; when it is restored, the node goes on', async (t) => {
  const world = await running(t);
  await world.life.stop();
  const keys = { namespace: acme, name: 'peer0-keys' };
  const { metadata: { labels }, type, data, immutable } = (await world.client.get(secrets, keys)) ?? assert.fail('there are no keys');
  const backup = { metadata: { ...keys, labels }, type, data, immutable } as Secret;
  await world.client.delete(secrets, keys);
  const next = world.begin();
  const stalled = await until(world, node.type, { namespace: acme, name: 'peer0' }, (object) => reasonOf(object, 'Stalled') === 'KeyMissing');
  assert.match(stalled?.status?.conditions?.find(({ type }) => type === 'Stalled')?.message ?? '', /Restore it from a backup/);
  await world.untilQuiet(next);
  assert.equal(await world.client.get(secrets, keys), undefined);
  await world.client.create(secrets, backup);
  await world.untilReady('trial');
});

test('what somebody deletes or changes of a node’s workload is put right', async (t) => {
  const world = await running(t);
  const ref = { namespace: acme, name: 'peer0' };
  const before = await world.client.get(statefulSets, ref);
  await world.client.delete(statefulSets, ref);
  await until(world, statefulSets, ref, (object) => object !== undefined && object.metadata.uid !== before?.metadata.uid);
  await world.client.mergePatch(statefulSets, ref, { spec: { replicas: 0 } });
  await until(world, statefulSets, ref, (object) => object?.spec.replicas === 1);
  await world.client.delete(configMaps, { namespace: acme, name: 'peer0-contracts' });
  await until(world, configMaps, { namespace: acme, name: 'peer0-contracts' }, (object) => Object.keys(object?.data ?? {}).length === 1);
  await world.untilReady('trial');
});

test('a consortium is deleted as a whole, in whatever order it is asked for; data and keys stay', async (t) => {
  const world = await running(t);
  await deleteAll(world.client, { backwards: true });
  await until(world, consortium.type, { namespace: 'gh-trial', name: 'trial' }, (object) => object === undefined);
  for (const { type } of kinds) assert.deepEqual((await world.client.list(type)).items.map(({ metadata }) => metadata.name), [], type.kind);
  assert.deepEqual((await world.client.list(statefulSets)).items, []);
  assert.deepEqual((await world.client.list(pods)).items, []);
  assert.equal((await world.client.list(persistentVolumeClaims)).items.length, 5);
  assert.equal((await world.client.list(secrets)).items.filter(({ metadata }) => metadata.name.endsWith('-keys')).length, 5);
});

test('data and keys go when that is asked for by name', async (t) => {
  const world = await running(t);
  await deleteAll(world.client, { withData: true });
  await until(world, consortium.type, { namespace: 'gh-trial', name: 'trial' }, (object) => object === undefined);
  assert.deepEqual((await world.client.list(persistentVolumeClaims)).items, []);
  assert.deepEqual((await world.client.list(secrets)).items, []);
});

test('what holds a ledger is not deleted by accident', async (t) => {
  const world = await running(t);
  await world.client.delete(node.type, { namespace: acme, name: 'peer0' });
  await world.client.delete(channel.type, { namespace: 'gh-trial', name: 'trade' });
  await until(world, node.type, { namespace: acme, name: 'peer0' }, (object) => reasonOf(object, 'Stalled') === 'DeletionNotConfirmed');
  await until(world, channel.type, { namespace: 'gh-trial', name: 'trade' }, (object) => reasonOf(object, 'Stalled') === 'DeletionNotConfirmed');
  assert.equal((await world.client.list(pods, { namespace: acme })).items.length, 2, 'nothing was stopped');
  await world.client.mergePatch(node.type, { namespace: acme, name: 'peer0' }, { metadata: { annotations: { [annotations.confirmDeletion]: 'peer0' } } });
  const waits = await until(world, node.type, { namespace: acme, name: 'peer0' }, (object) => reasonOf(object) === 'Deleting');
  assert.match(waits?.status?.conditions?.[0]?.message ?? '', /ChannelMembership trade, ContractInstallation receivable still count on this node/);
});

test('a second Consortium in a namespace is stalled, and goes without touching what the first has', async (t) => {
  const world = await running(t);
  const ref = { namespace: 'gh-trial', name: 'weeds' };
  await world.client.apply(consortium.type, { metadata: ref, spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: acme }] } });
  await until(world, consortium.type, ref, (object) => reasonOf(object, 'Stalled') === 'InvalidSpec');
  await world.client.mergePatch(consortium.type, ref, { metadata: { annotations: { [annotations.confirmDeletion]: 'weeds' } } });
  await world.client.delete(consortium.type, ref);
  await until(world, consortium.type, ref, (object) => object === undefined);
  await world.untilReady('trial');
});
