import assert from 'node:assert/strict';
import test from 'node:test';
import type { Inspection } from '@guildhall/fabric';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Channel, Consortium } from '@guildhall/resources';
import { createCompanions } from './companions.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const members = ['core', 'bank', 'fund'];
// Of a channel with this name, Fabric lets the third consenter begin the first election.
const candidate = 'gh-trade--fund/orderer0';
const channel: Channel = {
  apiVersion,
  kind: 'Channel',
  metadata: { name: 'trade', namespace: 'gh-trade', uid: 'u' },
  spec: {
    members: members.map((name) => ({ name })),
    orderers: members.map((member) => ({ member, node: 'orderer0' })),
    ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  },
};
const consortium: Consortium = {
  apiVersion,
  kind: 'Consortium',
  metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: members.map((name) => ({ name, mspId: `${name}MSP`, namespace: `gh-trade--${name}` })) },
};
const answering = { contact: 'answers', channels: [] } as unknown as Inspection;

function companions() {
  const clock = createFakeClock();
  const seen = new Map<string, Inspection>();
  const context = { clock, nodes: { last: (key: string) => seen.get(key) }, informers: { nodes: { get: () => ({}) } } };
  const created = createCompanions(context as unknown as Parameters<typeof createCompanions>[0]);
  return { clock, seen, of: (change: Partial<Channel> = {}) => created.of({ ...channel, ...change }, consortium) };
}

test('orderers of a new channel wait until enough for an election, of whichever member, can be asked', () => {
  const { seen, of } = companions();
  assert.deepEqual(of().silent, ['core/orderer0', 'bank/orderer0', 'fund/orderer0']);
  seen.set(candidate, answering);
  assert.deepEqual(of().silent, ['core/orderer0', 'bank/orderer0']);
  seen.set('gh-trade--bank/orderer0', answering);
  assert.deepEqual(of(), { silent: [], waitMs: 0 });
});

test('they wait for the one that begins the election, though others be enough for it', () => {
  const { seen, of } = companions();
  seen.set('gh-trade--core/orderer0', answering);
  seen.set('gh-trade--bank/orderer0', answering);
  assert.deepEqual(of().silent, ['fund/orderer0']);
  seen.set(candidate, answering);
  assert.deepEqual(of(), { silent: [], waitMs: 0 });
});

test('they do not wait for ever', async () => {
  const { clock, of } = companions();
  const { waitMs } = of();
  assert.ok(waitMs > 0);
  await clock.advance(waitMs);
  assert.deepEqual(of(), { silent: [], waitMs: 0 });
});

test('where one has joined, the channel is not new', () => {
  const { of } = companions();
  assert.deepEqual(of({ status: { consenters: [{ member: 'core', node: 'orderer0', joined: true }] } }).silent, []);
});
