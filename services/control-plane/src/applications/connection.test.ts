import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, generateKeyPair, selfSignCertificate } from '@guildhall/pki';
import { channel, channelMembership, member, node, type Channel } from '@guildhall/resources';
import { ApiProblem } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { connectionOf } from './connection.ts';

const keys = await generateKeyPair();
const tlsOf = async (names: string[]): Promise<string> => {
  const template = { subject: [{ type: 'CN' as const, value: 'peer0' }], notAfter: new Date('2030-01-01'), keyUsage: ['digitalSignature' as const], basicConstraints: { ca: false } };
  const alternatives = [...names.map((value) => ({ type: 'dns' as const, value })), { type: 'ip' as const, value: '127.1.0.5' }];
  return (await selfSignCertificate({ ...template, subjectAlternativeNames: alternatives }, createSigner(keys.privateKeyPem), { now: new Date() })).pem;
};
const tls = await tlsOf(['peer0', 'peer0.gh-t--acme.svc.cluster.local', 'peer0.gh-t--acme.svc']);

type AnyKind = { type: { kind: string }; specSchema: { parse(spec: unknown): unknown } };
const object = (kind: AnyKind, namespace: string, name: string, spec: object, status: object = {}): ClusterObject =>
  ({ apiVersion: 'guildhall.dev/v1alpha1', kind: kind.type.kind, metadata: { namespace, name }, spec: kind.specSchema.parse(spec), status });

const memberOf = (name: string, roles: string[]): ClusterObject =>
  object(member, `gh-t--${name}`, name, { consortium: { namespace: 'gh-t', name: 't' }, mspId: `${name}MSP`, roles }, { certificateAuthority: { tls: { root: `root of ${name}`, issuing: '' } } });
const nodeOf = (owner: string, name: string, role: string, endpoint: string | undefined, state = 'Healthy'): ClusterObject =>
  object(node, `gh-t--${owner}`, name, { member: owner, role }, { ...(endpoint === undefined ? {} : { endpoint }), health: { state, message: '', since: '' }, certificates: [{ use: 'tls', pem: tls }] });
const consent = (owner: string, peers: string[]): ClusterObject =>
  object(channelMembership, `gh-t--${owner}`, 'notes', { channel: { namespace: 'gh-t', name: 'notes' }, channelDigest: `sha256:${'a'.repeat(64)}`, peers, orderers: [], anchorPeers: [] });

const notes = object(channel, 'gh-t', 'notes', { members: [{ name: 'acme' }, { name: 'watcher' }], orderers: [{ member: 'clerk', node: 'orderer0' }, { member: 'acme', node: 'orderer0' }] });
const objects = [
  notes,
  memberOf('acme', ['endorsing', 'ordering']),
  memberOf('watcher', ['observing']),
  memberOf('clerk', ['ordering']),
  memberOf('outside', ['endorsing']),
  nodeOf('acme', 'peer0', 'peer', '1:7051', 'Unreachable'),
  nodeOf('acme', 'peer1', 'peer', '2:7051'),
  nodeOf('acme', 'peer2', 'peer', undefined),
  nodeOf('acme', 'apart', 'peer', '3:7051'),
  nodeOf('acme', 'orderer0', 'orderer', '4:7050'),
  nodeOf('watcher', 'peer0', 'peer', '5:7051'),
  nodeOf('clerk', 'orderer0', 'orderer', '6:7050'),
  consent('acme', ['peer0', 'peer1', 'peer2']),
  consent('watcher', ['peer0']),
  // Whoever may write in another namespace may use any name there.
  object(member, 'gh-other--acme', 'acme', { consortium: { namespace: 'gh-t', name: 't' }, mspId: 'FalseMSP', roles: ['endorsing'] }),
];
const asked = { consortium: 't', member: 'acme', channel: 'notes' };
const refusal = (found: readonly ClusterObject[], more: Partial<typeof asked> = {}): string => {
  try {
    connectionOf(found, { ...asked, ...more });
  } catch (error) {
    assert.ok(error instanceof ApiProblem);
    return `${error.problems[0].code} ${error.problems[0].path ?? ''}`.trim();
  }
  return 'it was answered';
};

test('peers are those of the member’s consent that have an address, the healthy ones first, and orderers those of the channel', () => {
  const { client, members } = connectionOf(objects, asked);
  assert.deepEqual(
    members.map(({ name, mspId, tlsRoot, endorsing, peers, orderers }) => [name, mspId, tlsRoot, endorsing, peers.map(({ address }) => address), orderers.map(({ address }) => address)]),
    [
      ['acme', 'acmeMSP', 'root of acme', true, ['2:7051', '1:7051'], ['4:7050']],
      ['watcher', 'watcherMSP', 'root of watcher', false, ['5:7051'], []],
      ['clerk', 'clerkMSP', 'root of clerk', false, [], ['6:7050']],
    ],
  );
  assert.equal(client.peers[0]?.hostName, 'peer0.gh-t--acme.svc.cluster.local');
});

test('who is not in a channel, or has no way to it yet, is told so', () => {
  assert.equal(refusal(objects, { member: 'nobody' }), 'NOT_FOUND member');
  assert.equal(refusal(objects, { channel: 'other' }), 'NOT_FOUND channel');
  assert.equal(refusal(objects, { member: 'outside' }), 'CONFLICT member');
  assert.equal(refusal(objects, { member: 'clerk' }), 'CONFLICT member');
  assert.equal(refusal(objects.filter(({ kind }) => kind !== 'ChannelMembership')), 'CONFLICT');
  const unordered = { ...notes, spec: { ...(notes as Channel).spec, orderers: [{ member: 'clerk', node: 'gone' }] } };
  assert.equal(refusal([unordered, ...objects.slice(1)]), 'CONFLICT');
});
