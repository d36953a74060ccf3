import assert from 'node:assert/strict';
import test from 'node:test';
import { CHANNEL_ENDORSEMENT, type ContractDefinition } from '@guildhall/fabric';
import type { Contract } from '@guildhall/resources';
import { committedOf, committedOutcome, decideCommit, fulfils, type Collecting, type ContractParty } from './decide.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const contract: Contract = {
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'Contract',
  metadata: { name: 'receivable', namespace: 'gh-trade' },
  spec: { channel: 'trade', version: '1', artifactDigest: digest, endorsementPolicy: '' },
};
const definition: ContractDefinition = { name: 'receivable', version: '1', sequence: 1, initRequired: false, endorsementPolicy: CHANNEL_ENDORSEMENT, collections: [] };
const party = (name: string, change: Partial<ContractParty> = {}): ContractParty => ({ name, mspId: name.toUpperCase(), endorses: true, consented: true, installed: true, sameCode: true, running: true, stalled: undefined, ...change });

const collecting: Collecting = {
  parties: [party('a'), party('b'), party('c')],
  approvals: { A: true, B: true, C: false },
  suffices: (mspIds) => mspIds.length >= 2,
  silent: [],
  policyInWords: 'more than half',
};
const told = (change: Partial<Collecting>): string => {
  const decision = decideCommit({ ...collecting, ...change });
  if (decision.kind === 'commit') return `commit ${decision.endorsers.join(' ')}`;
  return decision.outcome.kind === 'waiting' ? `${decision.outcome.reason}: ${decision.outcome.message}` : decision.outcome.kind;
};

test('it is committed as soon as enough members have approved and run the agreed code', () => {
  assert.equal(told({}), 'commit a b');
});

test('approvals of members that run other code or none do not count', () => {
  const parties = [party('a', { running: false }), party('b', { sameCode: false }), party('c')];
  const details = 'a (its instance is not ready), b (its instance runs other code)';
  assert.equal(told({ parties }), `WaitingForInstance: Enough members have approved, but not all of them run the agreed code yet: ${details}.`);
  const without = [party('a', { installed: false }), party('b', { installed: false, stalled: 'The signer refused.' }), party('c')];
  assert.match(told({ parties: without }), /: a \(a peer does not have it\), b \(The signer refused\.\)\.$/);
});

test('who is waited for is named, those who consented first', () => {
  assert.equal(told({ approvals: { A: true } }), 'WaitingForApproval: Waiting for the approval of b, c. It needs more than half.');
  const refused = [party('a'), party('b', { stalled: 'The signer refused.' }), party('c')];
  assert.match(told({ approvals: { A: true }, parties: refused }), /of b \(it does not go on by itself: The signer refused\.\), c\./);
  const parties = [party('a'), party('b', { consented: false }), party('c', { endorses: false })];
  assert.equal(told({ approvals: { A: true }, parties }), 'WaitingForConsent: Waiting for the consent of b. It needs more than half.');
});

test('when all have approved, it is said whose peers are missing for the commit', () => {
  const approvals = { A: true, B: true, C: true };
  const suffices = (mspIds: readonly string[]): boolean => mspIds.filter((mspId) => mspId === 'A').length >= 2;
  assert.equal(told({ approvals, suffices, silent: ['b', 'c'] }), 'Unreachable: All have approved; waiting for a peer of b, c that is in the channel and answers. It needs more than half.');
});

test('which code a committed definition runs is known from what was collected for, or not at all', () => {
  const ledger = { definition, approvals: {} };
  assert.equal(committedOf(contract, 'label', undefined, ''), undefined);
  assert.equal(committedOf({ ...contract, status: { sequence: 1, label: 'label' } }, 'label', ledger, '')?.artifactDigest, digest);
  assert.equal(committedOf({ ...contract, status: { sequence: 1, label: 'another' } }, 'label', ledger, '')?.artifactDigest, undefined);
  assert.equal(committedOf(contract, 'label', ledger, '', { sequence: 1, label: 'label' })?.artifactDigest, digest, 'also when the status is seen later');
  const before = { sequence: 1, version: '1', endorsementPolicy: '', artifactDigest: 'sha256:old' };
  assert.equal(committedOf({ ...contract, status: { committed: before } }, 'label', ledger, '')?.artifactDigest, 'sha256:old');
});

test('another version, policy or code is another definition', () => {
  const committed = { sequence: 1, version: '1', endorsementPolicy: '', artifactDigest: digest };
  assert.equal(fulfils(committed, definition, definition, digest), true);
  assert.equal(fulfils(committed, definition, { ...definition, version: '2' }, digest), false);
  assert.equal(fulfils(committed, definition, { ...definition, endorsementPolicy: { kind: 'reference', path: '/other' } }, digest), false);
  assert.equal(fulfils(committed, definition, definition, 'sha256:new'), false);
  assert.equal(fulfils(undefined, definition, definition, digest), false);
});

test('after the commit those who consented must run it', () => {
  assert.equal(committedOutcome(collecting.parties, { A: true, B: true, C: true }, '1').kind, 'ready');
  const late = committedOutcome([party('a'), party('b', { running: false }), party('c', { consented: false })], { A: true, B: true }, '1');
  assert.match(late.message, /b \(its instance is not ready\)/);
});
