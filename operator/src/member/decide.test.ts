import assert from 'node:assert/strict';
import test from 'node:test';
import type { Consortium, Member, Node } from '@guildhall/resources';
import { clientProfiles, decideMember } from './decide.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const consortium: Consortium = {
  apiVersion,
  kind: 'Consortium',
  metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: 'gh-trade--acme' }] },
};
const authority = { signing: { root: 'r', issuing: 'i' }, tls: { root: 'r', issuing: 'i' }, adminEndpoint: { root: 'r' }, admin: { certificate: 'a' } };
const acme: Member = {
  apiVersion,
  kind: 'Member',
  metadata: { name: 'acme', namespace: 'gh-trade--acme', uid: '1', creationTimestamp: '2026-01-02T00:00:00Z' },
  spec: { consortium: { namespace: 'gh-trade', name: 'trade' }, mspId: 'AcmeMSP', roles: ['endorsing'], certificateAuthority: 'hosted', applicationRoles: [] },
  status: { certificateAuthority: authority },
};
const told = (change: Partial<Parameters<typeof decideMember>[0]>): string => {
  const outcome = decideMember({ member: acme, consortium, siblings: [acme], refused: undefined, ...change });
  return outcome.kind === 'ready' ? 'ready' : `${outcome.kind} ${outcome.reason}`;
};

test('a member is ready when its consortium names it and its roots are published', () => {
  assert.equal(told({}), 'ready');
  assert.equal(told({ consortium: undefined }), 'waiting WaitingForReference');
  assert.equal(told({ member: { ...acme, status: {} } }), 'waiting WaitingForCertificateAuthority');
  assert.equal(told({ refused: 'no' }), 'stalled Denied');
});

test('a reference counts only with the name, the MSP id and the namespace that the consortium gives', () => {
  for (const other of [{ name: 'other' }, { mspId: 'OtherMSP' }, { namespace: 'gh-trade--other' }]) {
    const spec = { ...consortium.spec, members: [{ ...consortium.spec.members[0]!, ...other }] };
    assert.equal(told({ consortium: { ...consortium, spec } }), 'stalled ReferenceNotAllowed', JSON.stringify(other));
  }
});

test('of two members with one MSP id the later is stalled', () => {
  const earlier: Member = { ...acme, metadata: { ...acme.metadata, name: 'first', uid: '0', creationTimestamp: '2026-01-01T00:00:00Z' } };
  const later: Member = { ...earlier, metadata: { ...earlier.metadata, creationTimestamp: '2026-01-03T00:00:00Z' } };
  assert.equal(told({ siblings: [acme, earlier] }), 'stalled Duplicate');
  assert.equal(told({ siblings: [acme, later] }), 'ready');
});

test('the operator asks for certificates in the name of a member only for what it does there', () => {
  const node = (role: Node['spec']['role'], certificates: number): Node => ({
    apiVersion,
    kind: 'Node',
    metadata: { name: role, namespace: 'gh-trade--acme' },
    spec: { member: 'acme', role, version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' },
    status: { certificates: Array.from({ length: certificates }, () => ({ use: 'tls' as const, pem: '', subject: '', serial: '', notBefore: '', notAfter: '', sha256: '' })) },
  });
  const ordering: Member = { ...acme, spec: { ...acme.spec, roles: ['ordering'] } };
  assert.deepEqual(clientProfiles(ordering, [node('orderer', 2)]), ['operator-admin-client']);
  assert.deepEqual(clientProfiles(acme, [node('peer', 0)]), [], 'a peer that has no certificates cannot be asked anything');
  assert.deepEqual(clientProfiles(acme, [node('peer', 2)]), ['operator-client']);
});
