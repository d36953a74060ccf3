import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { contractPackage } from '@guildhall/agreement';
import { buildProposal, randomNonce, verifySignature } from '@guildhall/fabric';
import { services, systemClock } from '@guildhall/kubernetes';
import { systemPrincipal } from '@guildhall/local-cluster';
import { createCertificateRequest, createSigner, formatName, generateKeyPair, parseCertificatePem } from '@guildhall/pki';
import { certificateRequest, clientIdentity, fieldManagers, labels, member, node, signingRequest, type SigningRequest } from '@guildhall/resources';
import { applyMember, ask, backend, client, cluster, consentToContract, namespace, standing, start, until, useAuthority } from './running-authority.ts';

useAuthority();

test("a Member's authorities are published beside what others say of it, and stay over restarts", async () => {
  await applyMember();
  const operator = cluster.connect(systemPrincipal, { fieldManager: fieldManagers.operator });
  await operator.applyStatus(member.type, { metadata: { namespace, name: 'bank' }, status: { nodes: { total: 1, ready: 0 } } });
  const first = start();
  const published = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  assert.deepEqual(published.status?.nodes, { total: 1, ready: 0 });
  await first.stop();
  // Whoever overwrites the published roots does not change them.
  await client.applyStatus(
    member.type,
    {
      metadata: { namespace, name: 'bank' },
      status: { certificateAuthority: { ...published.status?.certificateAuthority, admin: { certificate: 'forged' } } },
    },
    { force: true },
  );
  start();
  const again = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority?.admin.certificate !== 'forged');
  assert.deepEqual(again.status?.certificateAuthority, published.status?.certificateAuthority);
});

test('requests are answered as soon as what they need is there, and denied with the reason', async () => {
  start();
  await ask('waiting', { profile: 'node-tls', node: 'peer0', service: 'peer0' });
  await ask('client', { profile: 'client', role: 'bank' }, { [labels.component]: 'ledger-gateway' });
  await ask('forbidden', { profile: 'client', role: 'auditor' }, { [labels.component]: 'ledger-gateway' });
  await until(
    certificateRequest.type,
    'waiting',
    (request) => standing(request) === 'Ready=False:WaitingForMember Reconciling=True:WaitingForMember',
  );
  await applyMember();
  const client1 = await until(certificateRequest.type, 'client', (request) => request.status?.certificate !== undefined);
  assert.equal(standing(client1), 'Ready=True:Issued');
  assert.deepEqual(parseCertificatePem(client1.status?.certificate ?? '').extensions.fabricAttributes, { 'gh.role': 'bank' });
  assert.equal(client1.status?.chain?.startsWith(client1.status.certificate ?? '-'), true);
  const forbidden = await until(
    certificateRequest.type,
    'forbidden',
    (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied',
  );
  assert.match(forbidden.status?.conditions?.[0]?.message ?? '', /does not act as auditor/);
  await until(certificateRequest.type, 'waiting', (request) => standing(request).includes('WaitingForReference'));
  await client.apply(node.type, { metadata: { namespace, name: 'peer0' }, spec: { member: 'bank', role: 'peer' } });
  await client.apply(services, {
    metadata: { namespace, name: 'peer0', labels: { [labels.node]: 'peer0' } },
    spec: { ports: [{ port: 7051 }] },
  });
  const tls = await until(certificateRequest.type, 'waiting', (request) => request.status?.certificate !== undefined);
  const names = parseCertificatePem(tls.status?.certificate ?? '').extensions.subjectAlternativeNames.map(({ value }) => value);
  assert(names.includes('peer0.gh-demo--bank.svc') && names.some((name) => name.startsWith('10.96.')), names.join());
});

test('a client identity is answered once: with a certificate that stays, or with a refusal', async () => {
  await applyMember();
  const csr = async (): Promise<string> => createCertificateRequest({ subject: [] }, createSigner((await generateKeyPair()).privateKeyPem));
  const create = async (name: string, roles: string[]) => client.create(clientIdentity.type, { metadata: { namespace, name }, spec: { csr: await csr(), roles } });
  const first = start();
  await create('erp', ['bank']);
  await create('spy', ['auditor']);
  const answered = await until(clientIdentity.type, 'erp', ({ status }) => status?.certificate !== undefined);
  const { subject, extensions, notAfter } = parseCertificatePem(answered.status?.certificate ?? '');
  assert.deepEqual([formatName(subject), extensions.fabricAttributes], ['O=BankMSP, OU=client, CN=erp', { 'gh.role': 'bank' }]);
  assert.equal(answered.status?.notAfter, notAfter.toISOString());
  const refused = await until(clientIdentity.type, 'spy', ({ status }) => status?.conditions?.some(({ reason }) => reason === 'Denied') ?? false);
  assert.match(refused.status?.conditions?.[0]?.message ?? '', /does not act as auditor/);
  await first.stop();
  // Killed before the answer was written: it is the same one again.
  await client.applyStatus(clientIdentity.type, { metadata: { namespace, name: 'erp' }, status: { conditions: [] } }, { force: true });
  start();
  const again = await until(clientIdentity.type, 'erp', ({ status }) => status?.conditions?.some(({ reason }) => reason === 'Issued') ?? false);
  assert.equal(again.status?.certificate, answered.status?.certificate);
  const audited = await backend.database.selectFrom('audit').select(['outcome', 'details']).where('request_uid', 'in', [answered.metadata.uid ?? '', refused.metadata.uid ?? '']).orderBy('id').execute();
  assert.deepEqual(audited.map(({ outcome, details }) => [outcome, details.request, details.attributes]), [['done', `${namespace}/erp`, ['gh.role=bank']], ['denied', `${namespace}/spy`, undefined]]);
});

test('what a gateway asked for and left behind is removed, and nothing else is', async () => {
  const gateway = { [labels.component]: 'ledger-gateway' };
  await applyMember();
  const first = start();
  await ask('taken', { profile: 'client' }, gateway);
  await ask('denied', { profile: 'client', role: 'auditor' }, gateway);
  await ask('operator', { profile: 'operator-client' });
  for (const name of ['taken', 'denied', 'operator'])
    await until(certificateRequest.type, name, ({ status }) => status?.conditions?.some(({ reason }) => reason === 'Issued' || reason === 'Denied') ?? false);
  await first.stop();
  await ask('unanswered', { profile: 'client' }, gateway);
  start({ clock: { ...systemClock, now: () => Date.now() + 10 * 60_000 } });
  const names = async (): Promise<string[]> => (await client.list(certificateRequest.type, { namespace })).items.map(({ metadata }) => metadata.name);
  while ((await names()).length > 1) await delay(10);
  assert.deepEqual(await names(), ['operator']);
});

test('who asks for a Node that has its key gets none, and is told of', async () => {
  start();
  await applyMember();
  await client.apply(node.type, { metadata: { namespace, name: 'peer0' }, spec: { member: 'bank', role: 'peer' } });
  await ask('first', { profile: 'peer', node: 'peer0' });
  await until(certificateRequest.type, 'first', ({ status }) => status?.certificate !== undefined);
  await ask('second', { profile: 'peer', node: 'peer0' });
  const second = await until(certificateRequest.type, 'second', (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied');
  assert.match(second.status?.conditions?.[0]?.message ?? '', /Node peer0 has a peer certificate for another key/);
  assert.equal(second.status?.certificate, undefined);
  const audited = await backend.database.selectFrom('audit').select('outcome').where('request_uid', '=', second.metadata.uid ?? '').execute();
  assert.deepEqual(audited, [{ outcome: 'denied' }]);
});

test('a consented install is signed by the hosted administrator, one whose code differs is not, and both are on record', async () => {
  start();
  const intent = await consentToContract();
  const published = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  const creator = { mspId: 'BankMSP', certificate: published.status?.certificateAuthority?.admin.certificate ?? '' };
  const proposal = (digest: string) =>
    buildProposal(
      { kind: 'InstallChaincode', package: contractPackage('receivable', { version: '1.0.0', artifactDigest: `sha256:${digest}` }).bytes },
      { creator, nonce: randomNonce(), timestamp: new Date() },
    ).bytes;
  const [good, bad] = [proposal('a1'.repeat(32)), proposal('b2'.repeat(32))];
  for (const [name, message] of [
    ['good', good],
    ['bad', bad],
  ] as const) {
    await client.create(signingRequest.type, {
      metadata: { namespace, name },
      spec: { purpose: 'install-contract', intent, message: Buffer.from(message).toString('base64') },
    });
  }
  const signed = await until(signingRequest.type, 'good', (request) => standing(request) === 'Ready=True:Signed');
  assert(verifySignature(creator, good, Buffer.from(signed.status?.signature ?? '', 'base64')));
  assert.equal(signed.status?.certificate, creator.certificate);
  const denied = await until(signingRequest.type, 'bad', (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied');
  assert.equal(denied.status?.signature, undefined);
  const audited = await backend.database.selectFrom('audit').select(['request_uid', 'outcome']).where('action', '=', 'sign').execute();
  const outcomeOf = ({ metadata }: SigningRequest) => audited.find(({ request_uid }) => request_uid === metadata.uid)?.outcome;
  assert.deepEqual([outcomeOf(signed), outcomeOf(denied)], ['done', 'denied']);
});

test('two processes at once answer each request once, with one answer', async () => {
  await applyMember();
  start();
  start();
  const names = Array.from({ length: 10 }, (_, index) => `request-${index}`);
  await Promise.all(names.map((name) => ask(name, { profile: 'operator-client' })));
  for (const name of names) {
    const request = await until(certificateRequest.type, name, ({ status }) => status?.certificate !== undefined);
    const rows = await backend.database
      .selectFrom('certificates')
      .select('certificate')
      .where('request_uid', '=', request.metadata.uid ?? '')
      .execute();
    assert.deepEqual(rows, [{ certificate: request.status?.certificate }]);
  }
});
