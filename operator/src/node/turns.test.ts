import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Channel, Consortium, Node } from '@guildhall/resources';
import { createTurns } from './turns.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const consortium: Consortium = {
  apiVersion,
  kind: 'Consortium',
  metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'core', mspId: 'CoreMSP', namespace: 'gh-trade--core' }] },
};
// Of a channel with this name, Fabric lets the third consenter begin the first election; with the first it makes a majority.
const channel: Channel = {
  apiVersion,
  kind: 'Channel',
  metadata: { name: 'trade', namespace: 'gh-trade', uid: 'c' },
  spec: {
    members: [{ name: 'core' }],
    orderers: ['orderer0', 'orderer1', 'orderer2'].map((node) => ({ member: 'core', node })),
    ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  },
};

function newNetwork(...others: string[]) {
  const clock = createFakeClock();
  const begun = new Set<string>();
  const started = new Set<string>();
  const channels = [structuredClone(channel), ...others.map((name) => ({ ...structuredClone(channel), metadata: { ...channel.metadata, name, uid: name } }))];
  const node = (name: string): Node =>
    ({
      metadata: { name, namespace: 'gh-trade--core', uid: name },
      spec: { member: 'core', role: name.startsWith('peer') ? 'peer' : 'orderer' },
      status: begun.has(name) ? { certificates: [{}] } : {},
    }) as unknown as Node;
  const context = {
    clock,
    nodes: { last: (key: string) => (started.has(key.split('/')[1] ?? '') ? {} : undefined) },
    informers: {
      channels: { list: () => channels },
      certificateRequests: { get: () => undefined },
      statefulSets: { get: () => undefined },
      nodes: { get: (_namespace: string, name: string) => node(name) },
    },
  };
  const turns = createTurns(context as unknown as Parameters<typeof createTurns>[0]);
  const elect = (): void => void (channels[0]!.status = { leader: { member: 'core', node: 'orderer2' } } as unknown as NonNullable<Channel['status']>);
  return { clock, begun, started, elect, givesWay: (name: string) => turns.givesWayMs(node(name), consortium), podWaits: (name: string) => turns.sparePodWaitsMs(node(name), consortium) };
}

test('the orderer that begins the election asks for its certificates first, the others right after it', async () => {
  const { clock, begun, givesWay } = newNetwork();
  assert.equal(givesWay('orderer2'), 0);
  assert.ok(givesWay('orderer0') > 0);
  begun.add('orderer2');
  assert.equal(givesWay('orderer0'), 0);
  begun.delete('orderer2');
  assert.ok(givesWay('orderer1') > 0);
  await clock.advance(150);
  assert.equal(givesWay('orderer1'), 0, 'an orderer that never begins keeps nobody');
});

test('who begins an election waits for nobody, whatever other channels it is in', () => {
  // In a channel of this name the first consenter begins.
  const { givesWay } = newNetwork('finance');
  assert.deepEqual(['orderer0', 'orderer2'].map(givesWay), [0, 0]);
  assert.ok(givesWay('orderer1') > 0);
});

test('peers begin when a majority of the orderers has been started, and not much later in any case', async () => {
  const { clock, started, givesWay } = newNetwork();
  assert.ok(givesWay('peer0') > 0);
  started.add('orderer2').add('orderer0');
  assert.equal(givesWay('peer0'), 0);
  started.clear();
  assert.ok(givesWay('peer1') > 0);
  await clock.advance(1000);
  assert.equal(givesWay('peer1'), 0);
});

test('the pod of an orderer that the election does not need waits for the leader, but not for ever', async () => {
  const { clock, elect, podWaits } = newNetwork();
  assert.deepEqual(['orderer2', 'orderer0'].map(podWaits), [0, 0]);
  const { clock: patient, podWaits: waits } = newNetwork();
  assert.ok(podWaits('orderer1') > 0);
  elect();
  assert.equal(podWaits('orderer1'), 0);
  assert.ok(waits('orderer1') > 0);
  await Promise.all([clock.advance(0), patient.advance(2000)]);
  assert.equal(waits('orderer1'), 0);
});
