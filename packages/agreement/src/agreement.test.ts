import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printPolicy } from '@guildhall/fabric';
import type { Channel } from '@guildhall/resources';
import {
  channelConfiguration,
  contractDefinition,
  contractPackage,
  ledgerSettings,
  type AgreedChannel,
  type AgreedMember,
} from './index.ts';

const authorities = (name: string): AgreedMember['authorities'] => ({
  signing: { root: `${name} signing root`, issuing: `${name} signing issuing` },
  tls: { root: `${name} tls root`, issuing: `${name} tls issuing` },
});
const aMember = (name: string, roles: AgreedMember['roles']): AgreedMember => ({
  name,
  mspId: `${name}MSP`,
  roles,
  authorities: authorities(name),
  anchorPeers: [
    { host: `${name}-b`, port: 7051 },
    { host: `${name}-a`, port: 7051 },
  ],
});
const spec: Channel['spec'] = {
  members: [{ name: 'acme' }, { name: 'bank' }],
  orderers: [
    { member: 'orders', node: 'o2' },
    { member: 'orders', node: 'o1' },
  ],
  ordering: { type: 'raft' },
  policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: "AND('acmeMSP.peer', 'bankMSP.peer')" },
};
const agreed = (change: Partial<AgreedChannel> = {}): AgreedChannel => ({
  name: 'trade',
  spec,
  profile: 'production',
  members: [aMember('acme', ['endorsing']), aMember('bank', ['endorsing']), aMember('orders', ['ordering'])],
  orderers: ['o1', 'o2'].map((node) => ({
    member: 'orders',
    node,
    address: { host: node, port: 7050 },
    tlsCertificate: `certificate of ${node}`,
  })),
  ...change,
});

test('the same agreement gives the same configuration, in whatever order it was gathered', () => {
  const { members, orderers } = agreed();
  const reversed = agreed({
    members: members.map((member) => ({ ...member, anchorPeers: member.anchorPeers.toReversed() })).toReversed(),
    orderers: orderers.toReversed(),
  });
  assert.deepEqual(channelConfiguration(reversed), channelConfiguration(agreed()));
});

test('who orders is in the ordering group, who endorses or observes in the application', () => {
  const { ordererOrganizations, applicationOrganizations, ordering } = channelConfiguration(agreed());
  assert.deepEqual(
    ordererOrganizations.map(({ name }) => name),
    ['ordersMSP'],
  );
  assert.deepEqual(
    applicationOrganizations.map(({ name }) => name),
    ['acmeMSP', 'bankMSP'],
  );
  assert.deepEqual(
    ordering.consenters.map(({ host }) => host),
    ['o2', 'o1'],
    'in the order of the spec',
  );
  assert.deepEqual(
    ordererOrganizations[0]?.endpoints.map(({ host }) => host),
    ['o1', 'o2'],
  );
  assert.deepEqual(
    applicationOrganizations[0]?.anchorPeers.map(({ host }) => host),
    ['acme-a', 'acme-b'],
  );
});

test('a member that only orders, though it is listed, does not count among those that endorse', () => {
  const { applicationOrganizations } = channelConfiguration(agreed({ spec: { ...spec, members: [...spec.members, { name: 'orders' }] } }));
  assert.deepEqual(
    applicationOrganizations.map(({ name }) => name),
    ['acmeMSP', 'bankMSP'],
  );
});

test('observers read, but the rules count without them', () => {
  const members = [...agreed().members, aMember('regulator', ['observing'])];
  const withObserver = channelConfiguration(agreed({ members, spec: { ...spec, members: [...spec.members, { name: 'regulator' }] } }));
  const printed = Object.fromEntries(
    Object.entries(withObserver.policies?.application ?? {}).map(([name, policy]) => [name, printPolicy(policy)]),
  );
  assert.deepEqual(printed, {
    Readers: 'ANY Readers',
    Writers: 'ANY Writers',
    Admins: "AND('acmeMSP.admin', 'bankMSP.admin')",
    Endorsement: "AND('acmeMSP.peer', 'bankMSP.peer')",
    LifecycleEndorsement: "AND('acmeMSP.peer', 'bankMSP.peer')",
  });
  const without = channelConfiguration(agreed()).policies?.application;
  assert.equal(without?.['Endorsement'] && printPolicy(without['Endorsement']), 'MAJORITY Endorsement');
});

test('what the channel says goes before the profile', () => {
  assert.deepEqual(ledgerSettings('production', { type: 'raft' }).batch, {
    maxMessageCount: 500,
    absoluteMaxBytes: 10_485_760,
    preferredMaxBytes: 2_097_152,
    timeoutMs: 2000,
  });
  const own = ledgerSettings('sandbox', { type: 'raft', tickMs: 33, batch: { maxMessages: 7, timeoutMs: 9, absoluteMaxBytes: 4096 } });
  assert.deepEqual(own.batch, { maxMessageCount: 7, absoluteMaxBytes: 4096, preferredMaxBytes: 4096, timeoutMs: 9 });
  assert.equal(own.raft.tickIntervalMs, 33);
});

test('what is not known yet is named', () => {
  assert.throws(() => channelConfiguration(agreed({ orderers: [] })), {
    name: 'AgreementError',
    code: 'INCOMPLETE',
    message: /orderer o2 of orders/,
  });
  assert.throws(() => channelConfiguration(agreed({ members: [] })), { code: 'INCOMPLETE', message: /member/ });
});

test('a contract is one package and one definition for all', () => {
  const contract = { channel: 'trade', version: '1.0.0', artifactDigest: `sha256:${'a1'.repeat(32)}`, endorsementPolicy: '' };
  const made = contractPackage('receivable', contract);
  assert.equal(made.label, 'receivable_1.0.0-a1a1a1a1a1a1a1a1');
  assert.equal(contractPackage('receivable', contract).packageId, made.packageId);
  const image = { channel: 'trade', version: '1.0.0', endorsementPolicy: '', image: `registry.example/notary@sha256:${'a1'.repeat(32)}` };
  const ofImage = contractPackage('notary', image);
  assert.equal(ofImage.label, 'notary_1.0.0-a1a1a1a1a1a1a1a1');
  assert.equal(contractPackage('notary', { ...image, image: image.image.replace('registry', 'mirror') }).packageId, ofImage.packageId, 'wherever it is kept');
  assert.throws(() => contractPackage('notary', { version: '1.0.0' }), { code: 'INVALID_PACKAGE' });
  const { endorsementPolicy } = contractDefinition('receivable', contract, 3);
  assert.deepEqual(endorsementPolicy, { kind: 'reference', path: '/Channel/Application/Endorsement' });
  const own = contractDefinition('receivable', { ...contract, endorsementPolicy: "OR('acmeMSP.peer')" }, 3);
  assert.equal(own.endorsementPolicy.kind, 'signature');
  assert.equal(own.sequence, 3);
  assert.throws(() => contractDefinition('receivable', { ...contract, endorsementPolicy: 'ANY Endorsement' }, 1), { code: 'NOT_POSSIBLE' });
});
