import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addChannel, addContract, addMember, changeChannel, changeMember, emptyDraft, membersOf, orderersOf, removeChannel, removeMember, withOwnPlacement, type Draft } from './draft.ts';
import { inputOf } from './draft-input.ts';
import { problemsOfDraft } from './draft-problems.ts';
import { screenOf } from './screens.ts';

const template = { id: 'receivable', versions: [{ version: '1.0.0' }, { version: '2.0.0' }] };

function trade(): Draft {
  let draft: Draft = { ...emptyDraft(), name: 'trade' };
  for (const [index, name] of ['acme', 'north-bank', 'supplier'].entries()) draft = changeMember(draft, `m${index + 1}`, { name, applicationRoles: ['admin'] });
  return addContract(draft, template);
}

test('a draft becomes the input of the API', () => {
  assert.deepEqual(problemsOfDraft(trade()), []);
  const nodes = [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }];
  assert.deepEqual(inputOf(trade()), {
    name: 'trade',
    profile: 'sandbox',
    members: [
      { name: 'acme', mspId: 'AcmeMSP', applicationRoles: ['admin'], nodes },
      { name: 'north-bank', mspId: 'NorthBankMSP', applicationRoles: ['admin'], nodes },
      { name: 'supplier', mspId: 'SupplierMSP', applicationRoles: ['admin'], nodes },
    ],
    channels: [{ name: 'main', endorsementPolicy: 'MAJORITY Endorsement', lifecycleEndorsementPolicy: 'MAJORITY Endorsement' }],
    contracts: [{ name: 'receivable', template: 'receivable', version: '2.0.0', channel: 'main' }],
  });
});

test('the placement in words and by hand are the same thing', () => {
  assert.deepEqual(orderersOf({ ...trade(), placement: 'founder' }), [3, 0, 0]);
  assert.deepEqual(orderersOf(withOwnPlacement({ ...trade(), placement: 'founder' })), [3, 0, 0]);
  assert.deepEqual(orderersOf(addMember(trade())), [1, 1, 1, 1]);
});

test('what goes takes with it what depends on it', () => {
  const chosen = changeChannel(trade(), 'c1', { members: ['m1', 'm2'] });
  assert.deepEqual(removeMember(chosen, 'm2').channels[0]?.members, ['m1']);
  assert.deepEqual(removeChannel(trade(), 'c1').contracts, []);
});

test('only members with a peer are in a channel for all', () => {
  const draft = changeMember(withOwnPlacement(trade()), 'm3', { peers: 0 });
  assert.deepEqual(draft.channels.map((channel) => membersOf(draft, channel).map(({ name }) => name)), [['acme', 'north-bank']]);
  assert.deepEqual(problemsOfDraft(changeChannel(draft, 'c1', { members: ['m1', 'm3'] })), [{ path: 'channels[0].members', key: 'noPeer' }]);
});

test('what is wrong is found with its path before anything is sent', () => {
  const keys = (draft: Draft): string[] => problemsOfDraft(draft).map(({ path, key }) => `${path} ${key}`);
  assert.deepEqual(keys({ ...trade(), name: 'Trade' }), ['name shortName']);
  assert.deepEqual(keys(changeMember(trade(), 'm2', { name: 'acme' })), ['members[1].name duplicate', 'members[1].mspId duplicate']);
  assert.deepEqual(keys(changeMember(trade(), 'm2', { displayName: 'evil\u202Ename' })), ['members[1].displayName displayName']);
  assert.deepEqual(keys({ ...withOwnPlacement(trade()), members: trade().members.map((member) => ({ ...member, orderers: 0 })) }), ['channels[0].orderers noOrderer']);
  assert.deepEqual(keys(addChannel(trade())), ['channels[1].name required']);
});

test('a path of the API leads to the screen on which it is decided', () => {
  assert.deepEqual(['name', 'profile', 'members[1].mspId', 'members[0].nodes[2].name', 'channels[0].orderers', 'channels[0].batch.timeoutMs', 'contracts[0].version'].map((path) => screenOf(path, 'full')), [
    'name', 'name', 'members', 'ordering', 'ordering', 'channels', 'contracts',
  ]);
  assert.deepEqual(['name', 'members[1].mspId', 'channels[0].orderers', 'contracts[0].version'].map((path) => screenOf(path, 'express')), ['start', 'members', 'members', 'start']);
});
