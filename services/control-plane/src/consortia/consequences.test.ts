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
  assert.match(told.join(' '), /Channel goods: a transaction needs .*CoreMSP.*BankMSP/);
  assert.match(told.at(-2) ?? '', /Contract note on goods, installed and approved by every member of the channel/);
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
