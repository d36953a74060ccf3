import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { generateKeyPair, parseCertificatePem, valuesOf, type Certificate } from '@guildhall/pki';
import { certificateProfiles } from '@guildhall/resources';
import { sql } from 'kysely';
import { bank, certify, now, startBackend, type Backend } from './fixtures.ts';
import { issueAll } from '../src/certificates/issue.ts';
import { profiles, type AskedProfile, type SubjectFacts } from '../src/certificates/profiles.ts';

let backend: Backend;
before(async () => {
  backend = await startBackend();
});
after(() => backend.stop());

const request = () => ({ uid: randomUUID(), namespace: bank.namespace, name: 'request' });
async function factsWithEverything(): Promise<SubjectFacts> {
  return {
    organization: 'BankMSP',
    commonName: 'peer0',
    publicKey: (await generateKeyPair()).publicKey,
    names: [{ type: 'ip', value: '127.77.0.5' }],
    attributes: { 'gh.role': 'bank' },
  };
}
const askedProfiles: readonly AskedProfile[] = [...certificateProfiles, 'application-client'];
const issueOne = async (profile: AskedProfile): Promise<Certificate> =>
  certify(backend, bank, request(), profile, await factsWithEverything(), now);
const file = (name: string, content: string): string => {
  const path = join(backend.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

test('a profile decides role, usage, names and attributes; facts that it has no place for do not get in', async () => {
  const seen: Record<string, unknown> = {};
  for (const profile of askedProfiles) {
    const { subject, extensions } = await issueOne(profile);
    seen[profile] = [
      valuesOf(subject, 'OU').join(),
      extensions.extendedKeyUsage?.join() ?? '',
      extensions.subjectAlternativeNames.length,
      extensions.fabricAttributes?.['gh.role'] ?? '',
    ];
    assert.equal(extensions.basicConstraints?.ca, false, profile);
  }
  assert.deepEqual(seen, {
    peer: ['peer', '', 0, ''],
    orderer: ['orderer', '', 0, ''],
    'node-tls': ['', 'serverAuth,clientAuth', 1, ''],
    'contract-tls': ['', 'serverAuth', 1, ''],
    'operator-admin-client': ['', 'clientAuth', 0, ''],
    'operator-client': ['client', '', 0, ''],
    client: ['client', '', 0, 'bank'],
    'application-client': ['client', '', 0, 'bank'],
  });
});

test('OpenSSL leads every certificate strictly to the root of its own use, and to no other', async () => {
  const published = await backend.authorities.ensure(bank, now);
  const roots: Record<string, string> = {
    signing: file('signing-root.pem', published.signing.root),
    tls: file('tls-root.pem', published.tls.root),
    'admin-endpoint': file('admin-root.pem', published.adminEndpoint.root),
  };
  const untrusted = file('issuing.pem', published.signing.issuing + published.tls.issuing);
  const leaves = [
    ...(await Promise.all(askedProfiles.map(async (profile) => [profile, await issueOne(profile)] as const))),
    ['admin', parseCertificatePem(published.admin.certificate)] as const,
  ];
  for (const [profile, certificate] of leaves) {
    for (const [use, root] of Object.entries(roots)) {
      const checked = spawnSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-attime',
          String(now.getTime() / 1000),
          '-CAfile',
          root,
          '-untrusted',
          untrusted,
          file(`${profile}.pem`, certificate.pem),
        ],
        { encoding: 'utf8' },
      );
      assert.equal(checked.status === 0, profiles[profile].issuer.startsWith(use), `${profile} under ${use}: ${checked.stderr}`);
    }
  }
});

test('an application gets no more time than it asks for, than its profile allows, and than its authority has', async () => {
  const day = 24 * 60 * 60 * 1000;
  const daysOf = async (lifetimeDays: number | undefined, at = now): Promise<number> => {
    const facts = { ...(await factsWithEverything()), ...(lifetimeDays === undefined ? {} : { lifetimeDays }) };
    return ((await certify(backend, bank, request(), 'application-client', facts, at)).notAfter.getTime() - at.getTime()) / day;
  };
  assert.deepEqual([await daysOf(30), await daysOf(undefined), await daysOf(100_000)], [30, 365, 365]);
  const { signing } = await backend.authorities.ensure(bank, now);
  const end = parseCertificatePem(signing.issuing).notAfter;
  assert.equal(await daysOf(90, new Date(end.getTime() - 5 * day)), 5);
});

test('one request gets one certificate, however often it is answered', async () => {
  const asked = request();
  const facts = await factsWithEverything();
  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => certify(backend, bank, asked, 'peer', facts, now)));
  const again = await certify(backend, bank, asked, 'peer', facts, new Date(now.getTime() + 60_000));
  for (const answer of answers) if (answer.status === 'fulfilled') assert.equal(answer.value.fingerprint, again.fingerprint);
  const rows = await backend.database.selectFrom('certificates').select('fingerprint').where('request_uid', '=', asked.uid).execute();
  assert.deepEqual(rows, [{ fingerprint: again.fingerprint }]);
  const audited = await backend.database.selectFrom('audit').select(['outcome', 'details']).where('request_uid', '=', asked.uid).execute();
  assert.deepEqual(
    audited.map(({ outcome, details }) => [outcome, details.fingerprint]),
    [['done', again.fingerprint]],
  );
});

test('a request is answered for one member, one profile and one key', async () => {
  const asked = request();
  const facts = await factsWithEverything();
  await certify(backend, bank, asked, 'operator-client', facts, now);
  const another = { ...bank, uid: randomUUID() };
  const answers = [
    await backend.issuance.answer(another, asked, 'operator-client', facts, now),
    await backend.issuance.answer(bank, asked, 'client', facts, now),
    await backend.issuance.answer(bank, asked, 'operator-client', await factsWithEverything(), now),
  ];
  assert.match(answers.map((answer) => ('refused' in answer ? answer.refused : 'issued')).join('; '), /former Member.*; .*another key.*; .*another key/);
});

test('a Node is certified for one key only, whoever asks and however many at once', async () => {
  const node = randomUUID();
  const [own, foreign] = await Promise.all([factsWithEverything(), factsWithEverything()]);
  const outcomes = await Promise.all(
    [own, foreign, own, foreign].map((facts) => backend.issuance.answer(bank, request(), 'peer', { ...facts, node }, now)),
  );
  const issued = outcomes.filter((outcome) => 'certificate' in outcome);
  assert.equal(issued.length, 2, 'both of the key that came first');
  assert.equal(new Set(issued.map(({ certificate }) => Buffer.from(certificate.publicKey).toString('hex'))).size, 1);
  for (const outcome of outcomes) if ('refused' in outcome) assert.match(outcome.refused, /has a peer certificate for another key.*delete the Node/);
  // Its TLS key is another, and another Node is free.
  await certify(backend, bank, request(), 'node-tls', { ...foreign, node }, now);
  await certify(backend, bank, request(), 'peer', { ...foreign, node: randomUUID() }, now);
});

test('what is not issued does not take the place of a key', async () => {
  const facts = { ...(await factsWithEverything()), node: randomUUID() };
  await assert.rejects(backend.issuance.answer(bank, request(), 'peer', { ...facts, organization: '' }, now), { code: 'TEMPLATE_INVALID' });
  await certify(backend, bank, request(), 'peer', { ...(await factsWithEverything()), node: facts.node }, now);
});

test('what cannot be recorded is not issued', async () => {
  const asked = request();
  const facts = await factsWithEverything();
  await sql`create function no_audit() returns trigger language plpgsql as $$ begin raise exception 'the audit is full'; end $$`.execute(
    backend.database,
  );
  await sql`create trigger no_audit before insert on audit for each row execute function no_audit()`.execute(backend.database);
  await assert.rejects(backend.issuance.answer(bank, asked, 'peer', facts, now), /audit is full/);
  await sql`drop trigger no_audit on audit`.execute(backend.database);
  assert.deepEqual(
    await backend.database.selectFrom('certificates').select('fingerprint').where('request_uid', '=', asked.uid).execute(),
    [],
  );
});

test('what was recorded as done for a request is not done again under the same record', async () => {
  const asked = request();
  await backend.database
    .insertInto('audit')
    .values({ at: now, action: 'issue-certificate', outcome: 'done', member_uid: bank.uid, request_uid: asked.uid, details: '{}' })
    .execute();
  await assert.rejects(backend.issuance.answer(bank, asked, 'peer', await factsWithEverything(), now), /audit_once/);
});

test('a certificate that is signed after the record was written is not handed out', async () => {
  const facts = await factsWithEverything();
  await backend.authorities.ensure(bank, now);
  await backend.database.transaction().execute(async (transaction) => {
    const issuer = await backend.credentials.open(transaction, bank.uid, 'signing-issuing');
    const sign = await issueAll(transaction, now, (sign) => Promise.resolve(sign));
    await assert.rejects(sign({ memberUid: bank.uid, profile: 'peer', facts, issuer }), { code: 'STATE_CONTRADICTS' });
  });
});

test('a denial is recorded once, with its reason', async () => {
  const asked = request();
  for (let i = 0; i < 2; i++) await backend.issuance.deny(undefined, asked, 'client', 'no such role', now);
  const audited = await backend.database.selectFrom('audit').select(['outcome', 'details']).where('request_uid', '=', asked.uid).execute();
  assert.deepEqual(
    audited.map(({ outcome, details }) => [outcome, details.why]),
    [['denied', 'no such role']],
  );
});
