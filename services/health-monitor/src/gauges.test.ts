import assert from 'node:assert/strict';
import test from 'node:test';
import { gauges, type Sample } from './gauges.ts';
import { channel, node, stalled, world } from './testing.ts';

const read = (name: string, of: ReturnType<typeof world>): readonly Sample[] => gauges[name]?.of(of) ?? assert.fail(`there is no ${name}`);
const only = (samples: readonly Sample[], labels: Record<string, string>): number | undefined =>
  samples.find((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))?.value;
const values = (name: string, of: ReturnType<typeof world>): number[] => read(name, of).map(({ value }) => value);

test('a node is in one state, and in none before it was looked at', () => {
  const states = (of: ReturnType<typeof node>) => read('guildhall_node_health', world({ nodes: [of] })).filter(({ value }) => value === 1).map(({ labels }) => labels);
  assert.deepEqual(states(node('bank', 'peer0', 'peer', 'Unreachable')), [{ consortium: 'trade', member: 'bank', node: 'peer0', role: 'peer', state: 'Unreachable' }]);
  const { status: _, ...unseen } = node('bank', 'peer0', 'peer');
  assert.deepEqual(states(unseen), []);
  assert.equal(read('guildhall_node_health', world({ nodes: [unseen] })).length, 5, 'there are zeros all the same');
});

test('of a node: since when, how often its process began, heights and certificates', () => {
  const of = world({ nodes: [node('bank', 'peer0', 'peer', 'Healthy', {
    channels: [{ name: 'deals', height: 5, lag: 2 }],
    certificates: [{ use: 'tls', pem: '', subject: '', serial: '', notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z', sha256: '' }],
  })] });
  assert.deepEqual(values('guildhall_node_health_since_timestamp_seconds', of), [Date.UTC(2026, 0, 1, 0, 0, 10) / 1000]);
  assert.deepEqual(values('guildhall_node_restarts', of), [2]);
  assert.deepEqual(read('guildhall_node_channel_lag', of), [{ labels: { consortium: 'trade', member: 'bank', node: 'peer0', channel: 'deals' }, value: 2 }]);
  assert.deepEqual(values('guildhall_node_channel_height', of), [5]);
  assert.equal(only(read('guildhall_certificate_expiry_timestamp_seconds', of), { node: 'peer0', use: 'tls' }), Date.UTC(2027, 0, 1) / 1000);
});

test('a channel counts the orderers of its configuration that are healthy: one that is not there is not', () => {
  const of = world({ channels: [channel()], nodes: [node('ordering', 'orderer0', 'orderer'), node('ordering', 'orderer1', 'orderer', 'Ended'), node('bank', 'orderer2', 'orderer')] });
  assert.deepEqual(values('guildhall_channel_orderers', of), [3]);
  assert.deepEqual(values('guildhall_channel_orderers_quorum', of), [2]);
  assert.deepEqual(values('guildhall_channel_orderers_healthy', of), [1], 'another member’s node of the same name does not count');
  assert.deepEqual([values('guildhall_channel_has_leader', of), values('guildhall_channel_height', of)], [[1], [7]]);
  assert.deepEqual(values('guildhall_channel_has_leader', world({ channels: [channel({})] })), [0]);
});

test('conditions have their reason, and zeros where they do not hold', () => {
  const samples = read('guildhall_condition', world({ nodes: [node('bank', 'peer0', 'peer', 'Starting', { conditions: stalled })] }));
  const ofNode = (type: string) => samples.filter(({ labels }) => labels['kind'] === 'Node' && labels['type'] === type).map(({ labels, value }) => [labels['reason'], value]);
  assert.deepEqual([ofNode('Ready'), ofNode('Stalled'), ofNode('Degraded')], [[['KeyMissing', 0]], [['KeyMissing', 1]], [['', 0]]]);
});

test('labels have names and words of closed sets only: never what a message says', () => {
  const of = world({ nodes: [node('bank', 'peer0', 'peer', 'Unhealthy', { conditions: stalled })], channels: [channel()] });
  for (const [name, { labels }] of Object.entries(gauges)) {
    for (const sample of read(name, of)) {
      assert.deepEqual(Object.keys(sample.labels).toSorted(), [...labels].toSorted(), name);
      assert.ok(Object.values(sample.labels).every((value) => !value.includes(' ')), name);
    }
  }
});
