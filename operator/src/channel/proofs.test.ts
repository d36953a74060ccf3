import assert from 'node:assert/strict';
import test from 'node:test';
import { EndorseError, ConnectError, type Signer } from '@guildhall/fabric';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import type { Channel, Member, Node } from '@guildhall/resources';
import type { ChannelPort } from '../ports/fabric.ts';
import type { Party } from './gather.ts';
import { createProofs } from './proofs.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const channel = (ready: boolean, configSequence?: number): Channel => ({
  apiVersion,
  kind: 'Channel',
  metadata: { name: 'trade', namespace: 'gh-trade', uid: 'u', generation: 1 },
  spec: { members: [], orderers: [], ordering: { type: 'raft' }, policies: { endorsement: '', lifecycleEndorsement: '' } },
  status: {
    ...(configSequence === undefined ? {} : { configSequence }),
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', reason: 'Ready', message: '', observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' }],
  },
});
const authority = { signing: { root: 'r', issuing: 'i' }, tls: { root: 'r', issuing: 'i' }, adminEndpoint: { root: 'r' }, admin: { certificate: 'a' } };
const party = (name: string): Party => {
  const member: Member = {
    apiVersion, kind: 'Member', metadata: { name }, status: { certificateAuthority: authority },
    spec: { consortium: { namespace: 'gh-trade', name: 'trade' }, mspId: `${name}MSP`, roles: ['endorsing'], certificateAuthority: 'hosted', applicationRoles: [] },
  };
  const peer: Node = { apiVersion, kind: 'Node', metadata: { name: 'peer0' }, spec: { member: name, role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' }, status: { endpoint: `${name}:7051` } };
  return { name, member, membership: undefined, consent: 'given', peers: [peer] };
};
const parties = ['acme', 'bank'].map(party);
const never = new AbortController().signal;
const ask = (ready: boolean) => ({ channel: channel(ready), parties, genesis: undefined, signal: never });

/** What the peers show; changed by the test. */
function ledgers(hasReader = true) {
  const clock = createFakeClock();
  const shows = { acme: [5, 'a'] as [number, string], bank: [5, 'a'] as [number, string], sequence: 0, genesis: new Uint8Array(), fails: undefined as Error | undefined, asked: 0 };
  const channels = {
    async chainInfo({ address }: { address: string }) {
      shows.asked += 1;
      if (shows.fails !== undefined) throw shows.fails;
      const [height, hash] = address.startsWith('acme') ? shows.acme : shows.bank;
      return { height, currentBlockHash: Buffer.from(hash) };
    },
    configuration: async () => ({ sequence: shows.sequence, block: shows.sequence, hash: shows.genesis }),
  } as unknown as ChannelPort;
  const clients = { reader: () => (hasReader ? ({} as Signer) : undefined) } as never;
  return { clock, shows, proofs: createProofs({ clock, clients, fabric: { channels } as never }) };
}

test('the ledgers are the same when height and last block are; which configuration they are at is told', async () => {
  const { proofs, shows } = ledgers();
  shows.sequence = 3;
  assert.equal(proofs.configSequence(channel(false, 2)), 2, 'as the status says, until it is asked');
  assert.deepEqual(await proofs.prove(ask(false)), { verdict: 'same' });
  assert.equal(proofs.configSequence(channel(false)), 3);
});

test('heights that differ count until the channel is ready, another block at the same height always', async () => {
  const { proofs, shows } = ledgers();
  shows.bank = [6, 'b'];
  assert.deepEqual(await proofs.prove(ask(false)), { verdict: 'apart', message: 'Peer acme/peer0 is at block 5, peer bank/peer0 at 6.' });
  assert.deepEqual(await proofs.prove(ask(true)), { verdict: 'same' });
  const other = ledgers();
  other.shows.bank = [5, 'b'];
  for (const ready of [false, true]) {
    const found = await other.proofs.prove(ask(ready));
    assert.equal('verdict' in found && found.verdict, 'forked');
  }
});

test('a channel that is ready is asked once a minute', async () => {
  const { proofs, shows, clock } = ledgers();
  await proofs.prove(ask(false));
  const before = shows.asked;
  await clock.advance(30_000);
  await proofs.prove(ask(true));
  assert.equal(shows.asked, before);
  assert.equal(proofs.againAfterMs(channel(true)), 30_000);
  await clock.advance(30_000);
  shows.sequence = 1;
  await proofs.prove(ask(true));
  assert.ok(shows.asked > before);
  assert.equal(proofs.configSequence(channel(true)), 1, 'a configuration that other tools changed shows');
});

test('a question that fails does not make a channel unready, and does not make it ready', async () => {
  const { proofs, shows } = ledgers();
  shows.fails = new ConnectError('UNREACHABLE', 'gone');
  assert.deepEqual(await proofs.prove(ask(true)), { verdict: 'same' });
  assert.ok('outcome' in (await proofs.prove(ask(false))));
  assert.ok(proofs.againAfterMs(channel(true)) < 60_000, 'it is tried again soon');
  shows.fails = new EndorseError('ACCESS_DENIED', 'no');
  assert.ok('outcome' in (await proofs.prove(ask(true))), 'a refusal is no accident');
});

test('without the operator’s own certificates nothing new is said', async () => {
  const { proofs } = ledgers(false);
  assert.deepEqual(await proofs.prove(ask(true)), { verdict: 'same' });
  const found = await proofs.prove(ask(false));
  assert.equal('outcome' in found && found.outcome.kind === 'waiting' && found.outcome.reason, 'WaitingForCertificate');
});
