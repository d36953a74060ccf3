import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { contractPackage } from '@guildhall/agreement';
import { buildProposal, randomNonce } from '@guildhall/fabric';
import { parseCertificateRequest } from '@guildhall/pki';
import { certificateRequest, contractInstallation, member, signingRequest } from '@guildhall/resources';
import { identityOf } from '../src/authorities/member-controller.ts';
import { createSigningService } from '../src/signatures/signing-service.ts';
import { applyMember, ask, backend, client, consentToContract, namespace, standing, start, until, useAuthority } from './running-authority.ts';
import { certify } from './fixtures.ts';

useAuthority();

test('killed after it issued and before it said so, the authority hands out what it issued', async () => {
  const owner = identityOf(await applyMember());
  const { metadata, spec } = await ask('request', { profile: 'operator-client' });
  const { publicKey } = parseCertificateRequest(spec.csr);
  const request = { uid: metadata.uid ?? '', namespace, name: metadata.name };
  const issued = await certify(backend, owner, request, spec.profile, { organization: 'BankMSP', commonName: 'x', publicKey }, new Date());
  start();
  const answered = await until(certificateRequest.type, 'request', ({ status }) => status?.certificate !== undefined);
  assert.equal(answered.status?.certificate, issued.pem);
});

test('a signature that was given before the consent was withdrawn is not handed out after it', async () => {
  const intent = await consentToContract();
  const owner = identityOf(await applyMember());
  const { admin } = await backend.authorities.ensure(owner, new Date());
  const call = { kind: 'InstallChaincode', package: contractPackage('receivable', { version: '1.0.0', artifactDigest: `sha256:${'a1'.repeat(32)}` }).bytes } as const;
  const creator = { mspId: 'BankMSP', certificate: admin.certificate };
  const { bytes, transactionId } = buildProposal(call, { creator, nonce: randomNonce(), timestamp: new Date() });
  const request = await client.create(signingRequest.type, {
    metadata: { namespace, name: 'request' },
    spec: { purpose: 'install-contract', intent, message: Buffer.from(bytes).toString('base64') },
  });
  // As by a process that was killed before it could write the answer.
  await createSigningService(backend.database, backend.credentials).sign(
    owner.uid,
    request,
    { message: bytes, transactionId, subject: 'receivable' },
    new Date(),
  );
  await client.delete(contractInstallation.type, { namespace, name: 'receivable' });
  start();
  const refused = await until(signingRequest.type, 'request', (object) => standing(object).includes('Stalled'));
  assert.equal(standing(refused), 'Ready=False:ConsentOutdated Stalled=True:ConsentOutdated');
  assert.equal(refused.status?.signature, undefined);
});

test('a key that does not open is told to who asked, and answered when it is mended', async () => {
  const { metadata } = await applyMember();
  const first = start();
  await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  await first.stop();
  const credential = backend.database.updateTable('credentials').where('member_uid', '=', metadata.uid ?? '').where('use', '=', 'signing-issuing');
  const { sealed_key: sealed } = await backend.database
    .selectFrom('credentials')
    .select('sealed_key')
    .where('member_uid', '=', metadata.uid ?? '')
    .where('use', '=', 'signing-issuing')
    .executeTakeFirstOrThrow();
  await credential.set({ sealed_key: Buffer.from('damaged') }).execute();
  start();
  await ask('request', { profile: 'operator-client' });
  const told = await until(certificateRequest.type, 'request', (request) => standing(request) === 'Ready=False:Failed Reconciling=True:Failed');
  assert.match(told.status?.conditions?.[0]?.message ?? '', /cannot answer: credentials\.sealed_key .* does not open/);
  await credential.set({ sealed_key: sealed }).execute();
  await until(certificateRequest.type, 'request', (request) => standing(request) === 'Ready=True:Issued');
});

test('without its database it says so, and waits', async () => {
  const unreachable = new URL(backend.url);
  unreachable.port = '1';
  const waiting = start({ databaseUrl: unreachable.href });
  while (waiting.health().ready.checks.database === 'the schema is not up to date yet') await delay(10);
  assert.match(waiting.health().ready.checks.database ?? '', /ECONNREFUSED/);
  assert.equal(waiting.health().ready.ok, false);
});

test('an outage of the database costs nothing: what was asked meanwhile is answered after it', async () => {
  await applyMember();
  const service = start();
  await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  await backend.server.halt();
  await ask('during', { profile: 'operator-client' });
  while (service.health().ready.ok) await delay(20);
  assert.match(service.health().ready.checks.database ?? '', /does not answer/);
  await backend.server.resume();
  const answered = await until(certificateRequest.type, 'during', ({ status }) => status?.certificate !== undefined);
  assert.equal(standing(answered), 'Ready=True:Issued');
  while (!service.health().ready.ok) await delay(20);
});
