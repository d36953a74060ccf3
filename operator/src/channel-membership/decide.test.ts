import assert from 'node:assert/strict';
import test from 'node:test';
import { specDigest, type Channel, type ChannelMembership, type Consortium, type Node } from '@guildhall/resources';
import { noCompanions } from './companions.ts';
import { decideMembership, type JoiningNode, type MembershipObserved } from './decide.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const channel: Channel = {
  apiVersion,
  kind: 'Channel',
  metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: {
    members: [{ name: 'acme' }],
    orderers: [{ member: 'acme', node: 'orderer0' }],
    ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  },
};
const consortium: Consortium = {
  apiVersion,
  kind: 'Consortium',
  metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: 'gh-trade--acme' }] },
};
const membership: ChannelMembership = {
  apiVersion,
  kind: 'ChannelMembership',
  metadata: { name: 'trade', namespace: 'gh-trade--acme' },
  spec: { channel: { namespace: 'gh-trade', name: 'trade' }, channelDigest: specDigest(channel.spec), peers: ['peer0'], orderers: ['orderer0'], anchorPeers: ['peer0'] },
};
const node = (name: string, role: Node['spec']['role'], member = 'acme'): Node => ({
  apiVersion,
  kind: 'Node',
  metadata: { name, namespace: 'gh-trade--acme' },
  spec: { member, role, version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' },
});
const certificate = { use: 'tls' as const, pem: '', subject: '', serial: '', notBefore: '', notAfter: '', sha256: '' };
const begun = (object: Node): Node => ({ ...object, status: { certificates: [certificate, certificate] } });
const joining = (name: string, role: Node['spec']['role'], change: Partial<JoiningNode> = {}): JoiningNode => ({ name, node: begun(node(name, role)), joined: false, answers: true, ...change });
const observed: MembershipObserved = {
  membership,
  memberName: 'acme',
  consortium,
  channel,
  block: new Uint8Array([1]),
  anchors: undefined,
  peers: [joining('peer0', 'peer')],
  orderers: [joining('orderer0', 'orderer')],
  companions: noCompanions,
};
const plan = (change: Partial<MembershipObserved>) => decideMembership({ ...observed, ...change });
const told = (change: Partial<MembershipObserved>): string => {
  const { outcome } = plan(change);
  return outcome.kind === 'ready' ? 'ready' : `${outcome.kind} ${outcome.reason}`;
};
const withSpec = (change: Partial<ChannelMembership['spec']>): Partial<MembershipObserved> => ({ membership: { ...membership, spec: { ...membership.spec, ...change } } });

test('nodes join once there is a block; a peer needs a signature first, which is asked for when it begins, an orderer must answer', () => {
  assert.deepEqual(plan({ peers: [joining('peer0', 'peer', { node: node('peer0', 'peer'), answers: false })] }).peers, []);
  const asked = plan({ peers: [joining('peer0', 'peer', { answers: false })], orderers: [joining('orderer0', 'orderer', { answers: false })] });
  assert.deepEqual([asked.peers, asked.orderers, asked.outcome.kind], [['peer0'], [], 'waiting']);
  assert.deepEqual([plan({}).peers, plan({}).orderers], [['peer0'], ['orderer0']]);
  assert.equal(told({ block: undefined }), 'waiting WaitingForGenesis');
  assert.equal(told({ peers: [joining('peer0', 'peer', { joined: true })], orderers: [joining('orderer0', 'orderer', { joined: true })] }), 'ready');
});

test('an orderer waits for those that it is to join together with, a peer does not', () => {
  const asked = plan({ companions: { silent: ['bank/orderer1'], waitMs: 700 } });
  assert.deepEqual([asked.peers, asked.orderers], [['peer0'], []]);
  assert.deepEqual(asked.outcome, { kind: 'waiting', reason: 'WaitingForNode', message: "The channel's first orderers join together: waiting for bank/orderer1.", afterMs: 700 });
});

test('only the channel that the member agreed to is joined', () => {
  assert.equal(told(withSpec({ channelDigest: `sha256:${'0'.repeat(64)}` })), 'stalled ConsentOutdated');
  assert.equal(told({ channel: undefined }), 'waiting WaitingForReference');
  assert.equal(told(withSpec({ channel: { namespace: 'gh-other', name: 'trade' } })), 'stalled ReferenceNotAllowed');
  assert.equal(told({ memberName: 'stranger' }), 'stalled ReferenceNotAllowed');
  assert.deepEqual([plan(withSpec({ channelDigest: 'x' })).peers, plan(withSpec({ channelDigest: 'x' })).orderers], [[], []]);
});

test('a consent that contradicts itself or the channel is stalled', () => {
  assert.equal(told({ membership: { ...membership, metadata: { ...membership.metadata, name: 'other' } } }), 'stalled InvalidSpec');
  assert.equal(told(withSpec({ anchorPeers: ['peer9'] })), 'stalled InvalidSpec');
  assert.equal(told(withSpec({ orderers: [] })), 'stalled InvalidSpec');
  assert.equal(told({ peers: [joining('peer0', 'peer', { node: node('peer0', 'orderer') })] }), 'stalled InvalidSpec');
  assert.equal(told({ peers: [joining('peer0', 'peer', { node: node('peer0', 'peer', 'bank') })] }), 'stalled InvalidSpec');
  assert.equal(told({ peers: [joining('peer0', 'peer', { node: undefined })] }), 'waiting WaitingForNode');
});

test('anchor peers that are not those of the channel have no effect, and that is told', () => {
  const peers = ['peer0', 'peer1'].map((name) => joining(name, 'peer', { joined: true, node: { ...node(name, 'peer'), status: { endpoint: `${name}:7051` } } }));
  const orderers = [joining('orderer0', 'orderer', { joined: true })];
  const anchored = (anchorPeers: string[], anchors: string[] | undefined): string => told({ peers, orderers, anchors, ...withSpec({ peers: ['peer0', 'peer1'], anchorPeers }) });
  assert.equal(anchored(['peer0'], ['peer0:7051']), 'ready');
  assert.equal(anchored(['peer0'], undefined), 'ready', 'what was agreed is not known');
  for (const [wanted, agreed] of [[['peer1'], ['peer0:7051']], [['peer0', 'peer1'], ['peer0:7051']], [[], ['peer0:7051']], [['peer0'], []]] as const) {
    assert.equal(anchored([...wanted], [...agreed]), 'stalled InvalidSpec', JSON.stringify([wanted, agreed]));
  }
  const { outcome } = plan({ peers, orderers, anchors: ['peer1:7051'] });
  assert.match(outcome.message, /was made with the anchor peers peer1 of this member/);
});

test('a member that only orders has no peers in the channel', () => {
  const members = [{ name: 'bank' }];
  const ordersOnly = { ...channel, spec: { ...channel.spec, members } };
  const spec = { ...membership.spec, channelDigest: specDigest(ordersOnly.spec) };
  assert.equal(told({ channel: ordersOnly, membership: { ...membership, spec } }), 'stalled InvalidSpec');
  const without = { ...membership, spec: { ...spec, peers: [], anchorPeers: [] } };
  assert.equal(told({ channel: ordersOnly, membership: without, peers: [], orderers: [joining('orderer0', 'orderer', { joined: true })] }), 'ready');
});
