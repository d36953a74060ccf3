import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { before, test } from 'node:test';
import { createCertificateRequest, createSigner, generateKeyPair, type CertificateSigner } from '@guildhall/pki';
import { certificateProfiles, labels, type CertificateProfile, type CertificateRequest } from '@guildhall/resources';
import { aClientIdentity, aMember, aNode, anInstallation, aRequest, aService, bankNamespace } from '../../test/resources.ts';
import { decideClientIdentity, decideIssuance, onlyMember, type RequestFacts } from './decide-issuance.ts';

const gateway = { labels: { [labels.component]: 'ledger-gateway' } };
const nothing: RequestFacts = { member: aMember(), node: undefined, service: undefined, installation: undefined };
const peer = aNode('peer0', 'peer');
const peerService = aService('peer0', { clusterIP: '127.77.0.5', clusterIPs: ['127.77.0.5'] });

let signer: CertificateSigner;
let csr: string;
before(async () => {
  signer = createSigner((await generateKeyPair()).privateKeyPem);
  // It asks for everything that it must not get.
  csr = await createCertificateRequest(
    {
      subject: [
        { type: 'OU', value: 'admin' },
        { type: 'CN', value: 'root' },
      ],
      subjectAlternativeNames: [{ type: 'dns', value: 'other.example' }],
    },
    signer,
  );
});

const decide = (spec: Omit<CertificateRequest['spec'], 'csr'>, facts: Partial<RequestFacts> = {}, meta = {}) =>
  decideIssuance(aRequest({ csr, ...spec }, meta), { ...nothing, ...facts });
const whyDenied = (decision: ReturnType<typeof decideIssuance>): string =>
  decision.kind === 'deny' ? decision.message : `not denied: ${decision.kind}`;

test('a node gets its own name, whatever its request asks for', () => {
  const decision = decide({ profile: 'peer', node: 'peer0' }, { node: peer });
  assert(decision.kind === 'issue');
  const { publicKey: _, ...facts } = decision.facts;
  assert.deepEqual(facts, { commonName: 'peer0', organization: 'BankMSP', node: peer.metadata.uid });
  assert.deepEqual(Buffer.from(decision.facts.publicKey), Buffer.from(signer.publicKey));
});

test('a TLS certificate names exactly the addresses of the Service', () => {
  const decision = decide({ profile: 'node-tls', node: 'peer0', service: 'peer0' }, { node: peer, service: peerService });
  assert(decision.kind === 'issue');
  assert.deepEqual(
    decision.facts.names?.map(({ value }) => value),
    ['peer0', `peer0.${bankNamespace}`, `peer0.${bankNamespace}.svc`, `peer0.${bankNamespace}.svc.cluster.local`, '127.77.0.5'],
  );
});

test('of a node that is exposed it names besides the one name that is this node’s outside', () => {
  const exposed = aNode('peer0', 'peer', { exposure: 'NodePort' });
  const asked = { profile: 'node-tls' as const, node: 'peer0', service: 'peer0' };
  const decision = decide(asked, { node: exposed, service: peerService, exposureDomain: 'ledger.example' });
  assert(decision.kind === 'issue');
  const [, member] = bankNamespace.replace('gh-', '').split('--');
  const [consortium] = bankNamespace.replace('gh-', '').split('--');
  assert.equal(decision.facts.names?.at(-1)?.value, `peer0.${member}.${consortium}.ledger.example`);
  const inside = decide(asked, { node: peer, service: peerService, exposureDomain: 'ledger.example' });
  assert(inside.kind === 'issue' && !JSON.stringify(inside.facts.names).includes('ledger.example'));
  assert.equal(decide(asked, { node: exposed, service: peerService }).kind, 'wait', 'no domain is set');
});

test('what does not exist yet is waited for', () => {
  const waits: [Omit<CertificateRequest['spec'], 'csr'>, Partial<RequestFacts>][] = [
    [
      { profile: 'peer', node: 'peer0' },
      { member: undefined, node: peer },
    ],
    [{ profile: 'peer', node: 'peer0' }, {}],
    [{ profile: 'node-tls', node: 'peer0', service: 'peer0' }, { node: peer }],
    [
      { profile: 'node-tls', node: 'peer0', service: 'peer0' },
      { node: peer, service: aService('peer0', {}) },
    ],
    [{ profile: 'contract-tls', service: 'receivable' }, {}],
    [
      { profile: 'contract-tls', service: 'receivable' },
      { service: aService('receivable', { clusterIP: '10.0.0.1' }, { [labels.contract]: 'receivable' }) },
    ],
  ];
  for (const [spec, facts] of waits) assert.equal(decide(spec, facts).kind, 'wait', JSON.stringify(spec));
});

test('a node of another role, another member, or on its way out gets nothing', () => {
  assert.match(whyDenied(decide({ profile: 'orderer', node: 'peer0' }, { node: peer })), /is of role peer/);
  assert.match(
    whyDenied(decide({ profile: 'peer', node: 'peer0' }, { node: aNode('peer0', 'peer', { member: 'acme' }) })),
    /is of member acme/,
  );
  assert.match(
    whyDenied(
      decide({ profile: 'peer', node: 'peer0' }, { node: aNode('peer0', 'peer', {}, { deletionTimestamp: '2026-11-21T00:00:00Z' }) }),
    ),
    /being deleted/,
  );
});

test('a Service that is not of the node, leads elsewhere or is public gives no names', () => {
  const tls = (service: RequestFacts['service']) =>
    whyDenied(decide({ profile: 'node-tls', node: 'peer0', service: 'peer0' }, { node: peer, service }));
  assert.match(tls(aService('peer0', { clusterIP: '10.0.0.1' }, { [labels.node]: 'peer1' })), /is not of Node peer0/);
  assert.match(tls(aService('peer0', { clusterIP: '10.0.0.1' }, {})), /is not of Node peer0/);
  assert.match(tls(aService('peer0', { type: 'ExternalName' })), /leads out/);
  assert.match(tls(aService('peer0', { clusterIP: 'None' })), /headless/);
  for (const address of ['8.8.8.8', '169.254.169.254', '2001:db8::1', 'localhost'])
    assert.match(tls(aService('peer0', { clusterIP: address })), /private ranges/, address);
  for (const address of ['127.1.2.3', '10.96.0.1', '172.20.1.1', '192.168.1.1', 'fd00::5']) {
    assert.equal(
      decide({ profile: 'node-tls', node: 'peer0', service: 'peer0' }, { node: peer, service: aService('peer0', { clusterIP: address }) })
        .kind,
      'issue',
      address,
    );
  }
});

test("a contract's server is one of a contract that the member consented to", () => {
  const service = aService('receivable', { clusterIP: '10.0.0.1' }, { [labels.contract]: 'receivable' });
  const decision = decide({ profile: 'contract-tls', service: 'receivable' }, { service, installation: anInstallation('receivable') });
  assert(decision.kind === 'issue');
  assert.equal(decision.facts.commonName, 'receivable');
  assert.match(
    whyDenied(
      decide(
        { profile: 'contract-tls', service: 'x' },
        { service: aService('x', { clusterIP: '10.0.0.1' }, {}), installation: anInstallation('x') },
      ),
    ),
    /serves no contract/,
  );
});

test('a consent that is being withdrawn gives its contract no server', () => {
  const service = aService('receivable', { clusterIP: '10.0.0.1' }, { [labels.contract]: 'receivable' });
  const installation = anInstallation('receivable');
  installation.metadata.deletionTimestamp = '2026-11-21T00:00:00Z';
  assert.match(whyDenied(decide({ profile: 'contract-tls', service: 'receivable' }, { service, installation })), /withdrawn its consent/);
});

test("a client's role is one of the member's, and only the gateway gets one", () => {
  const decision = decide({ profile: 'client', role: 'bank' }, {}, gateway);
  assert(decision.kind === 'issue');
  assert.deepEqual(decision.facts.attributes, { 'gh.role': 'bank' });
  const plain = decide({ profile: 'client' }, {}, gateway);
  assert(plain.kind === 'issue' && plain.facts.attributes === undefined);
  assert.match(whyDenied(decide({ profile: 'client', role: 'debtor' }, {}, gateway)), /does not act as debtor.*bank, auditor/);
  assert.match(whyDenied(decide({ profile: 'client', role: 'bank' })), /for the ledger gateway/);
});

test('each profile takes the fields that it uses and no others', () => {
  const all = { node: 'peer0', service: 'peer0', role: 'bank' };
  for (const profile of certificateProfiles)
    assert.equal(decide({ profile, ...all }, { node: peer, service: peerService }, gateway).kind, 'deny', profile);
  for (const profile of ['peer', 'orderer', 'node-tls', 'contract-tls'] satisfies CertificateProfile[])
    assert.match(whyDenied(decide({ profile })), /needs spec\./, profile);
});

test('a request that does not prove its key, or is no request, is denied with the reason', async () => {
  const other = createSigner((await generateKeyPair()).privateKeyPem);
  const forged = await createCertificateRequest({ subject: [{ type: 'CN', value: 'x' }] }, { ...signer, publicKey: other.publicKey });
  for (const text of [forged, 'hello', `${csr}${csr}`])
    assert.equal(decideIssuance(aRequest({ csr: text, profile: 'operator-client' }), nothing).kind, 'deny');
  assert.match(whyDenied(decideIssuance(aRequest({ csr: forged, profile: 'operator-client' }), nothing)), /not signed by/);
});

test('an application gets its name, the roles that it asks for among those of the member, and no longer than it asks for', () => {
  const decision = decideClientIdentity(aClientIdentity('erp', { csr, roles: ['bank', 'auditor'], validDays: 30 }), aMember());
  assert(decision.kind === 'issue');
  const { publicKey: _, ...facts } = decision.facts;
  assert.deepEqual(facts, { organization: 'BankMSP', commonName: 'erp', lifetimeDays: 30, attributes: { 'gh.role': 'bank,auditor' } });
  const plain = decideClientIdentity(aClientIdentity('erp', { csr }), aMember());
  assert(plain.kind === 'issue' && plain.facts.attributes === undefined);
});

test('an application gets no role that the member does not have, and nothing for another kind of key', async () => {
  const denied = (spec: Parameters<typeof aClientIdentity>[1], member = aMember()): string => whyDenied(decideClientIdentity(aClientIdentity('erp', spec), member));
  assert.match(denied({ csr, roles: ['bank', 'regulator'] }), /does not act as regulator; .* bank, auditor/);
  assert.match(denied({ csr, roles: ['bank'] }, aMember({ applicationRoles: [] })), /does not act as bank; .* none/);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  assert.match(denied({ csr: await createCertificateRequest({ subject: [] }, createSigner(privateKey)) }), /P-384 key; allowed are P-256/);
  assert.match(denied({ csr: 'x' }), /CERTIFICATE REQUEST/);
});

test('in a namespace without exactly one Member nobody is certified', () => {
  const [bank, other] = [aMember(), aMember()];
  assert.equal(onlyMember([bank]), bank);
  assert.equal(onlyMember([bank, other]), undefined);
  assert.equal(onlyMember([bank, { ...other, metadata: { ...other.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }]), bank);
  assert.equal(decideClientIdentity(aClientIdentity('erp', { csr }), onlyMember([bank, other])).kind, 'wait');
});
