import assert from 'node:assert/strict';
import test from 'node:test';
import { configMaps, services } from '@guildhall/kubernetes';
import { annotations, channel, channelMembership, contract, contractInstallation, specDigest, type Contract } from '@guildhall/resources';
import { deleteAll } from './model/deletion.ts';
import { acme, digest, messageOf, reasonOf, running, trial, until } from './model/journey.ts';
import { createModelWorld } from './model/world.ts';
import { writeNetwork } from './network.ts';

const trade = { namespace: 'gh-trial', name: 'trade' };
const receivable = { namespace: 'gh-trial', name: 'receivable' };
const genesis = { namespace: 'gh-trial', name: 'channel-trade' };
const bank = 'gh-trial--bank';

for (const [what, kind, name] of [
  ['join-channel', channelMembership.type, 'trade'],
  ['approve-proposal', contractInstallation.type, 'receivable'],
  ['contract-tls', contractInstallation.type, 'receivable'],
] as const) {
  test(`a refusal of ${what} stands until a person asks once more`, async (t) => {
    const world = await createModelWorld();
    t.after(() => world.end());
    const life = world.begin();
    world.refused.add(what);
    await writeNetwork(world.client, trial);
    const ref = { namespace: acme, name };
    await until(world, kind as typeof channelMembership.type, ref, (object) => reasonOf(object, 'Stalled') === 'Denied');
    world.refused.delete(what);
    await world.untilQuiet(life);
    assert.equal(reasonOf(await world.client.get(kind as typeof channelMembership.type, ref), 'Stalled'), 'Denied', 'nobody has asked again');
    for (const namespace of [acme, bank, 'gh-trial--ordering']) {
      if ((await world.client.get(kind as typeof channelMembership.type, { namespace, name })) === undefined) continue;
      await world.client.mergePatch(kind as typeof channelMembership.type, { namespace, name }, { metadata: { annotations: { [annotations.retry]: 'once more' } } });
    }
    await world.untilReady('trial');
  });
}

test('a contract says whose refusal it waits for', async (t) => {
  const world = await createModelWorld();
  t.after(() => world.end());
  world.begin();
  world.refused.add('approve-proposal');
  await writeNetwork(world.client, trial);
  // Whichever of the two is refused first is told first.
  await until(world, contract.type, receivable, (object) =>
    messageOf(object).startsWith('Waiting for the approval of acme (it does not go on by itself: The signer refused the approval: It must not be.)'),
  );
});

test('a contract that no set of members can endorse is stalled, and its installations say so; a sound one goes on', async (t) => {
  const world = await running(t);
  const change = async (endorsementPolicy: string): Promise<void> => {
    const spec: Contract['spec'] = { channel: 'trade', version: '2', artifactDigest: digest('cd'), endorsementPolicy };
    await world.client.apply(contract.type, { metadata: receivable, spec }, { force: true });
    for (const namespace of [acme, bank]) {
      const consent = { contract: receivable, contractDigest: specDigest(spec), artifactDigest: spec.artifactDigest, peers: ['peer0'] };
      await world.client.apply(contractInstallation.type, { metadata: { namespace, name: 'receivable' }, spec: consent }, { force: true });
    }
  };
  await change("AND('AcmeMSP.peer', 'StrangerMSP.peer')");
  const stalled = await until(world, contract.type, receivable, (object) => reasonOf(object, 'Stalled') === 'InvalidSpec');
  assert.match(messageOf(stalled), /endorsementPolicy: no set of the channel's endorsing members \(AcmeMSP, BankMSP\)/);
  await until(world, contractInstallation.type, { namespace: acme, name: 'receivable' }, (object) => messageOf(object).includes('cannot be approved as it is: endorsementPolicy'));
  assert.deepEqual(world.fabric.record.commits.map(({ sequence }) => sequence), [1]);
  await change("AND('AcmeMSP.peer', 'BankMSP.peer')");
  await until(world, contract.type, receivable, (object) => reasonOf(object) === 'Ready' && object?.status?.committed?.sequence === 2);
  await world.untilReady('trial');
});

test('an approval that the ledger has no more is given again', async (t) => {
  const world = await running(t);
  const spec: Contract['spec'] = { channel: 'trade', version: '2', artifactDigest: digest('cd'), endorsementPolicy: '' };
  const consent = (namespace: string): Promise<unknown> => {
    const agreed = { contract: receivable, contractDigest: specDigest(spec), artifactDigest: spec.artifactDigest, peers: ['peer0'] };
    return world.client.apply(contractInstallation.type, { metadata: { namespace, name: 'receivable' }, spec: agreed }, { force: true });
  };
  await world.client.apply(contract.type, { metadata: receivable, spec }, { force: true });
  await consent(acme);
  await until(world, contractInstallation.type, { namespace: acme, name: 'receivable' }, (object) => object?.status?.approved?.sequence === 2);
  assert.equal(world.fabric.ledger('trade')?.contract('receivable').approvals.delete('AcmeMSP'), true);
  await consent(bank);
  await until(world, contract.type, receivable, (object) => reasonOf(object) === 'Ready' && object?.status?.committed?.sequence === 2);
  await world.untilReady('trial');
});

test('a first block that is gone is made again as it was', async (t) => {
  const world = await running(t);
  const before = await world.client.get(configMaps, genesis);
  await world.client.delete(configMaps, genesis);
  const again = await until(world, configMaps, genesis, (object) => object !== undefined);
  assert.deepEqual(again?.binaryData, before?.binaryData);
  assert.deepEqual(world.violations, []);
  await world.untilReady('trial');
});

test('another first block than the one that a channel was made with is not followed', async (t) => {
  const world = await running(t);
  const before = await world.client.get(configMaps, genesis);
  await world.life.stop();
  await world.client.delete(configMaps, genesis);
  await world.client.create(configMaps, { metadata: { ...genesis, labels: before?.metadata.labels ?? {} }, binaryData: { 'genesis.block': Buffer.from('another').toString('base64') } });
  world.violations.length = 0;
  world.begin();
  const degraded = await until(world, channel.type, trade, (object) => reasonOf(object, 'Degraded') === 'GenesisMissing');
  assert.equal(reasonOf(degraded), 'Ready', 'those who have joined do not need it');
  assert.match(messageOf(degraded, 'Degraded'), /Restore the ConfigMap from a backup/);
  world.violations.length = 0;
  await world.client.delete(configMaps, genesis);
  await until(world, channel.type, trade, (object) => reasonOf(object) === 'Ready' && reasonOf(object, 'Degraded') === undefined);
});

test('a channel shows at which configuration it is', async (t) => {
  const world = await running(t);
  assert.equal((await world.client.get(channel.type, trade))?.status?.configSequence, 0);
});

test('the ledger of a former channel of the same name is not taken for the new one', async (t) => {
  const world = await running(t);
  const before = await world.client.get(channel.type, trade);
  for (const namespace of [acme, bank]) await world.client.delete(contractInstallation.type, { namespace, name: 'receivable' });
  for (const [type, ref] of [[contract.type, receivable], [channel.type, trade]] as const) {
    await world.client.mergePatch(type as typeof channel.type, ref, { metadata: { annotations: { [annotations.confirmDeletion]: ref.name, [annotations.deleteData]: 'true' } } });
    await world.client.delete(type as typeof channel.type, ref);
  }
  for (const namespace of [acme, bank, 'gh-trial--ordering']) await world.client.delete(channelMembership.type, { namespace, name: 'trade' });
  await until(world, channel.type, trade, (object) => object === undefined);
  world.violations.length = 0;
  await writeNetwork(world.client, { ...trial, artifactDigest: digest('ef') });
  const other = await until(world, channel.type, trade, (object) => reasonOf(object) === 'LedgersDiffer');
  assert.notEqual(other?.metadata.uid, before?.metadata.uid);
  assert.match(messageOf(other), /ledger of a former channel trade, with another first block/);
});

test('an orderer that does not leave is named, and a channel can go without its data', async (t) => {
  const world = await running(t);
  const host = (await world.client.get(services, { namespace: 'gh-trial--ordering', name: 'orderer0' }))?.spec.clusterIP ?? '';
  world.fabric.hang(host, true);
  for (const namespace of [acme, bank]) await world.client.delete(contractInstallation.type, { namespace, name: 'receivable' });
  for (const namespace of [acme, bank, 'gh-trial--ordering']) await world.client.delete(channelMembership.type, { namespace, name: 'trade' });
  for (const [type, ref] of [[contract.type, receivable], [channel.type, trade]] as const) {
    await world.client.mergePatch(type as typeof channel.type, ref, { metadata: { annotations: { [annotations.confirmDeletion]: ref.name, [annotations.deleteData]: 'true' } } });
    await world.client.delete(type as typeof channel.type, ref);
  }
  const waits = await until(world, channel.type, trade, (object) => messageOf(object).includes('orderer0 does not leave'));
  assert.match(messageOf(waits), /take the annotation guildhall\.dev\/delete-data away/);
  await world.client.mergePatch(channel.type, trade, { metadata: { annotations: { [annotations.deleteData]: null } } });
  await until(world, channel.type, trade, (object) => object === undefined);
  await deleteAll(world.client, {});
});
