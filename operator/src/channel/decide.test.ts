import assert from 'node:assert/strict';
import test from 'node:test';
import { decideChannel, type ChannelObserved, type ConsenterView, type PeerView } from './decide.ts';

const consenter = (node: string, change: Partial<ConsenterView> = {}): ConsenterView => ({ member: 'core', node, joined: true, active: true, leads: node === 'o1', height: 5, why: '', ...change });
const peer = (member: string, change: Partial<PeerView> = {}): PeerView => ({ member, node: 'peer0', joined: true, answers: true, height: 5, level: true, ...change });
const running: ChannelObserved = {
  parties: [{ name: 'acme', consent: 'given' }, { name: 'bank', consent: 'given' }],
  genesis: 'made',
  consenters: ['o1', 'o2', 'o3'].map((node) => consenter(node)),
  peers: [peer('acme'), peer('bank')],
  proof: { verdict: 'same' },
};

function outcome(change: Partial<ChannelObserved>) {
  const decision = decideChannel({ ...running, ...change });
  assert.equal(decision.kind, 'done');
  return decision.kind === 'done' ? decision.outcome : undefined;
}
const told = (change: Partial<ChannelObserved>): string => {
  const found = outcome(change);
  return found === undefined ? '' : `${found.kind} ${found.kind === 'ready' ? 'Ready' : found.reason}: ${found.message}`;
};

test('a channel waits for every consent, and says whose is missing or outdated', () => {
  const parties: ChannelObserved['parties'] = [{ name: 'acme', consent: 'missing' }, { name: 'bank', consent: 'outdated' }, { name: 'city', consent: 'given' }];
  assert.equal(told({ genesis: 'missing', parties }), 'waiting WaitingForConsent: Waiting for the consent of acme, bank (it consented to another version).');
  assert.match(told({ genesis: 'missing' }), /^waiting WaitingForGenesis/);
});

test('a withdrawn consent does not unmake a channel that exists', () => {
  assert.match(told({ parties: [{ name: 'acme', consent: 'missing' }] }), /^ready/);
});

test('it is ready only when the ledgers were compared', () => {
  assert.deepEqual(decideChannel({ ...running, proof: undefined }), { kind: 'prove' });
  assert.equal(told({}), 'ready Ready: 3 orderers with a leader and 2 peers are in the channel and hold the same ledger.');
  assert.equal(told({ proof: { verdict: 'apart', message: 'Peer a is at block 3, peer b at 4.' } }), 'waiting BehindOthers: Peer a is at block 3, peer b at 4.');
  const forked = outcome({ proof: { verdict: 'forked', message: 'different' } });
  assert.deepEqual(forked?.kind === 'waiting' && [forked.reason, forked.degraded?.reason], ['LedgersDiffer', 'LedgersDiffer']);
});

test('joining comes before leading, leading before the peers', () => {
  const outside = [consenter('o1'), consenter('o2', { joined: false, active: false }), consenter('o3')];
  assert.equal(told({ consenters: outside }), 'waiting WaitingForJoin: Waiting for 1 of 3 orderers to join: core/o2.');
  assert.match(told({ consenters: running.consenters.map((each) => ({ ...each, leads: false })) }), /^waiting WaitingForLeader/);
  assert.equal(told({ peers: [peer('acme'), peer('bank', { joined: false })] }), 'waiting WaitingForJoin: Waiting for 1 of 2 peers to join: bank/peer0.');
});

test('a lost quorum is told with the arithmetic, and apart from a loss that can be borne', () => {
  const down = (...names: string[]) => running.consenters.map((each) => (names.includes(each.node) ? { ...each, active: false, why: 'it does not answer' } : each));
  assert.equal(
    told({ consenters: down('o2', 'o3') }),
    'waiting QuorumLost: 2 of 3 orderers are down (core/o2: it does not answer; core/o3: it does not answer). Ordering needs 2 of 3 and has 1: no transaction is accepted until 1 more is up.',
  );
  assert.equal(told({ consenters: down('o3') }), 'waiting Unhealthy: 1 of 3 orderers is down (core/o3: it does not answer). Ordering goes on with 2; it needs 2, so no other may fail.');
  const lost = outcome({ consenters: down('o2', 'o3') });
  assert.equal(lost?.kind === 'waiting' ? lost.degraded?.reason : undefined, 'QuorumLost');
});

test('peers that are down or behind are named', () => {
  assert.match(told({ peers: [peer('acme', { answers: false }), peer('bank')] }), /^waiting Unreachable: 1 of 2 peers is down: acme\/peer0\./);
  assert.equal(told({ peers: [peer('acme', { level: false, height: 3 }), peer('bank')] }), 'waiting BehindOthers: 1 of 2 peers is behind: acme/peer0 at block 3.');
});
