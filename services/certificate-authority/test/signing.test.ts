import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { parseCertificatePem, verifySignature } from '@guildhall/pki';
import { apiVersion, type SigningRequest } from '@guildhall/resources';
import { sql } from 'kysely';
import { createSignatureLog } from '../src/signatures/signature-log.ts';
import { createSigningService, type SigningService } from '../src/signatures/signing-service.ts';
import { bank, now, startBackend, type Backend } from './fixtures.ts';

let backend: Backend;
let signing: SigningService;
before(async () => {
  backend = await startBackend();
  await backend.authorities.ensure(bank, now);
  signing = createSigningService(backend.database, backend.credentials);
});
after(() => backend.stop());

const intent: SigningRequest['spec']['intent'] = {
  kind: 'ContractInstallation',
  name: 'receivable',
  uid: 'intent-1',
  generation: 3,
  digest: `sha256:${'0'.repeat(64)}`,
};
const aRequest = (purpose: SigningRequest['spec']['purpose'] = 'approve-proposal'): SigningRequest => ({
  apiVersion,
  kind: 'SigningRequest',
  metadata: { namespace: bank.namespace, name: 'request', uid: randomUUID(), generation: 1 },
  spec: { purpose, intent, message: '' },
});
const examined = (transactionId: string = randomUUID()) => ({
  message: Buffer.from('bytes'),
  transactionId,
  subject: `subject of ${transactionId}`,
});

test('the signature is that of the published administrator, and asked again it is the same', async () => {
  const [request, bytes] = [aRequest(), examined()];
  const first = await signing.sign(bank.uid, request, bytes, now);
  const again = await signing.sign(bank.uid, request, bytes, new Date(now.getTime() + 1000));
  assert.deepEqual(Buffer.from(again.signature), Buffer.from(first.signature));
  assert.deepEqual(again.signedAt, now);
  assert.equal(first.certificate, (await backend.authorities.find(bank.uid))?.admin.certificate);
  assert(verifySignature(parseCertificatePem(first.certificate).publicKey, bytes.message, first.signature));
});

test('a request is never answered with a signature over other bytes, or of another member', async () => {
  const request = aRequest();
  await signing.sign(bank.uid, request, examined(), now);
  const wrong = { reason: 'Denied', message: /signed before/ };
  await assert.rejects(signing.sign(bank.uid, request, { ...examined(), message: Buffer.from('other bytes') }, now), wrong);
  const another = { ...bank, uid: randomUUID() };
  await backend.authorities.ensure(another, now);
  await assert.rejects(signing.sign(another.uid, request, examined(), now), wrong);
});

test('what cannot be recorded is not signed', async () => {
  const request = aRequest();
  await sql`create function no_audit() returns trigger language plpgsql as $$ begin raise exception 'the audit is full'; end $$`.execute(
    backend.database,
  );
  await sql`create trigger no_audit before insert on audit for each row execute function no_audit()`.execute(backend.database);
  await assert.rejects(signing.sign(bank.uid, request, examined(), now), /audit is full/);
  await sql`drop trigger no_audit on audit`.execute(backend.database);
  assert.deepEqual(
    await backend.database
      .selectFrom('signatures')
      .select('request_uid')
      .where('request_uid', '=', request.metadata.uid ?? '')
      .execute(),
    [],
  );
});

test('a member without an administrator here gets no signature', async () => {
  await assert.rejects(signing.sign('unknown', aRequest(), examined(), now), { code: 'AUTHORITY_MISSING' });
});

test('the log knows what was signed: by whom, for what, under which consent', async () => {
  const log = createSignatureLog(backend.database);
  const bytes = examined();
  const proposal = { transactionId: bytes.transactionId, digest: createHash('sha256').update(bytes.message).digest('hex') };
  await signing.sign(bank.uid, aRequest(), bytes, now);
  assert(await log.signedProposal(bank.uid, intent, proposal));
  const others: Parameters<typeof log.signedProposal>[] = [
    ['another member', intent, proposal],
    [bank.uid, { ...intent, uid: 'intent-2' }, proposal],
    [bank.uid, { ...intent, generation: 4 }, proposal],
    [bank.uid, { ...intent, digest: `sha256:${'1'.repeat(64)}` }, proposal],
    [bank.uid, intent, { ...proposal, transactionId: 'another transaction' }],
    [bank.uid, intent, { ...proposal, digest: '0'.repeat(64) }],
  ];
  for (const other of others) assert.equal(await log.signedProposal(...other), false, JSON.stringify(other));
  assert(await log.knows(bank.uid, 'approve-proposal', bytes.subject));
  assert.equal(await log.knows(bank.uid, 'join-channel', bytes.subject), false);
  assert.equal(await log.knows('another member', 'approve-proposal', bytes.subject), false);
  const install = examined();
  await signing.sign(bank.uid, aRequest('install-contract'), install, now);
  assert.equal(await log.signedProposal(bank.uid, intent, { ...proposal, transactionId: install.transactionId }), false, 'an install is no approval');
});
