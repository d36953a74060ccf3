import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consequences, deletionConsequences, estimatedMemoryMegabytes } from './consequences.ts';
import { createConsortiumInput } from './consortium-input.ts';
import { resolveTopology } from './topology.ts';

const input = createConsortiumInput.parse({
  name: 'trade',
  members: [
    { name: 'core', mspId: 'CoreMSP', nodes: [{ name: 'p', role: 'peer' }, { name: 'o1', role: 'orderer' }, { name: 'o2', role: 'orderer' }, { name: 'o3', role: 'orderer' }] },
    { name: 'bank', mspId: 'BankMSP', nodes: [{ name: 'p', role: 'peer' }] },
  ],
  channels: [{ name: 'goods', endorsementPolicy: "AND('CoreMSP.peer', 'BankMSP.peer')" }, { name: 'alone', members: ['core'], orderers: [{ member: 'core', node: 'o1' }] }],
  contracts: [{ name: 'note', channel: 'goods', template: 't' }],
});
const { topology } = resolveTopology(input);

test('a plan says who is in, who consents for whom, what is survived, and what is needed', () => {
  const told = consequences(input, topology);
  assert.match(told[0] ?? '', /2 members: core \(CoreMSP\), bank \(BankMSP\)\./);
  assert.match(told[1] ?? '', /each consent is recorded as delegated/);
  assert.ok(told.includes('Channel goods: core, bank; 3 Raft orderers, which survive the loss of 1.'));
  assert.ok(told.includes('Channel alone: core; 1 Raft orderer, which survives the loss of 0.'));
  assert.ok(told.includes('Channel goods: a transaction needs all of: CoreMSP peer, BankMSP peer.'));
  assert.match(told.at(-2) ?? '', /Contract note on goods, installed and approved by every member of the channel/);
});

test('a plan says in words what deploying needs on each channel, and a transaction of a contract whose policy is its own', () => {
  const [goods, ...others] = input.channels;
  const [note, ...rest] = input.contracts;
  assert.ok(goods && note);
  const own = { ...input, channels: [{ ...goods, lifecycleEndorsementPolicy: 'ALL Endorsement' }, ...others], contracts: [{ ...note, endorsementPolicy: "OR('CoreMSP.peer', 'BankMSP.peer')" }, ...rest] };
  const told = consequences(own, resolveTopology(own).topology);
  assert.ok(told.includes('Channel goods: deploying or upgrading a contract needs every member (by its own "Endorsement" policy).'), told.join('\n'));
  assert.ok(told.includes('Channel alone: deploying or upgrading a contract needs more than half of the members (by its own "Endorsement" policy).'));
  assert.ok(told.includes('A transaction of note needs any of: CoreMSP peer, BankMSP peer.'));
  assert.ok(!consequences(input, topology).some((sentence) => sentence.startsWith('A transaction of note')), 'one that has the policy of its channel needs no sentence more');
});

test('memory is the sum over nodes and over the instances of each contract', () => {
  assert.equal(estimatedMemoryMegabytes(input, topology), 3 * 140 + 2 * 220 + 2 * 190);
});

test('a deletion says what ends and what is lost', () => {
  const object = (kind: string, name: string, more: object = {}) => ({ apiVersion: 'guildhall.dev/v1alpha1', kind, metadata: { name }, spec: {}, ...more });
  const objects = [
    object('Node', 'peer0', { spec: { role: 'peer' } }),
    object('Node', 'orderer0', { spec: { role: 'orderer' } }),
    object('Node', 'orderer1', { spec: { role: 'orderer' } }),
    object('Channel', 'goods', { status: { height: 7 } }),
    object('Channel', 'new'),
    object('Contract', 'note'),
  ];
  assert.deepEqual(deletionConsequences('trade', objects, true), [
    '1 peer and 2 orderers of trade stop.',
    'These channels end: goods (7 blocks), new.',
    'These contracts end: note.',
    'The ledgers and keys of trade are deleted too. Nobody can bring them back.',
  ]);
  assert.deepEqual(deletionConsequences('trade', [], false), ['Data volumes and keys stay and hold the name, until they are deleted by name.']);
});
