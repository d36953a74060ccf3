import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topologyOf, type ConsortiumShape } from './model.ts';

const now = new Date('2026-03-04T12:00:00Z');
const shape: ConsortiumShape = {
  members: [
    { name: 'bank', displayName: 'Harbour Bank', mspId: 'BankMSP', ready: true },
    { name: 'acme', displayName: null, mspId: 'AcmeMSP', ready: true },
  ],
  nodes: [
    { name: 'peer10', member: 'bank', role: 'peer', version: '3.1.0', health: { state: 'Unreachable' }, channels: [{ name: 'trade', height: 7, lag: 3, leader: null }], certificates: [{ notAfter: '2026-03-14T12:00:00Z' }, { notAfter: '2027-03-14T12:00:00Z' }] },
    { name: 'peer2', member: 'bank', role: 'peer', version: '3.1.0', health: null, channels: [], certificates: [] },
    { name: 'orderer0', member: 'bank', role: 'orderer', version: '3.1.0', health: { state: 'Healthy' }, channels: [{ name: 'trade', height: 10, lag: 0, leader: true }], certificates: [{ notAfter: '2027-03-04T12:00:00Z' }] },
  ],
  channels: [{ name: 'trade', ready: true, height: 10, leader: 'bank/orderer0', members: [{ name: 'bank' }], consenters: [{ member: 'bank' }] }],
  contracts: [
    { name: 'receivable', channel: 'trade', members: [{ name: 'bank', running: true }] },
    { name: 'other', channel: 'elsewhere', members: [{ name: 'bank', running: true }] },
  ],
};

test('a member is a lane, its orderers before its peers', () => {
  const { lanes } = topologyOf(shape, now);
  assert.deepEqual(lanes.map(({ title, nodes }) => [title, nodes.map(({ name }) => name)]), [['Harbour Bank', ['orderer0', 'peer2', 'peer10']], ['acme', []]]);
});

test('a node is marked for what is worth a look', () => {
  const [orderer, silent, behind] = topologyOf(shape, now).lanes[0]?.nodes ?? [];
  assert.deepEqual(orderer && [orderer.state, orderer.lag, orderer.expiresInDays, orderer.leads], ['Healthy', 0, undefined, ['trade']]);
  assert.deepEqual(silent && [silent.state, silent.lag, silent.expiresInDays, silent.leads], ['unknown', 0, undefined, []]);
  assert.deepEqual(behind && [behind.state, behind.lag, behind.expiresInDays, behind.leads], ['Unreachable', 3, 10, []]);
});

test('a channel is a band across all lanes, with what each member has in it', () => {
  const [band] = topologyOf(shape, now).bands;
  assert.deepEqual(band?.cells, [
    {
      member: 'bank',
      takesPart: true,
      nodes: [
        { name: 'orderer0', role: 'orderer', height: 10, lag: 0, leader: true },
        { name: 'peer10', role: 'peer', height: 7, lag: 3, leader: false },
      ],
      contracts: [{ name: 'receivable', running: true }],
    },
    { member: 'acme', takesPart: false, nodes: [], contracts: [] },
  ]);
});
