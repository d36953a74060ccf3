import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@guildhall/kubernetes';
import { parseCertificatePem, valuesOf, verifyChain } from '@guildhall/pki';
import { sql } from 'kysely';
import { bank, ignoreBroken, now, startBackend, type Backend } from './fixtures.ts';
import { openKeyFile } from '../src/custody/key-encryption-key.ts';
import { migrate, openDatabase, problemOf } from '../src/database/database.ts';
import { createCredentialStore, requireKeyOf } from '../src/authorities/credential-store.ts';
import { createAuthorityService } from '../src/authorities/authority-service.ts';

let backend: Backend;
before(async () => {
  backend = await startBackend();
});
after(() => backend.stop());

const newMember = () => ({ ...bank, uid: randomUUID() });

test('a member gets one root each for signing, TLS and the admin endpoint, and an administrator below the signing CA', async () => {
  const published = await backend.authorities.ensure(newMember(), now);
  const at = new Date(now.getTime() + 1000);
  const admin = parseCertificatePem(published.admin.certificate);
  const signing = [published.signing.root, published.signing.issuing].map(parseCertificatePem);
  const [tlsRoot, tlsIssuing] = [published.tls.root, published.tls.issuing].map(parseCertificatePem);
  assert.equal(verifyChain(admin, { roots: signing.slice(0, 1), intermediates: signing.slice(1), at }).length, 3);
  assert.deepEqual(valuesOf(admin.subject, 'OU'), ['admin']);
  assert.deepEqual(valuesOf(admin.subject, 'O'), ['BankMSP']);
  assert.equal(admin.extensions.extendedKeyUsage, undefined);
  assert.equal(verifyChain(tlsIssuing!, { roots: [tlsRoot!], at }).length, 2);
  assert.throws(() => verifyChain(admin, { roots: [tlsRoot!], intermediates: [tlsIssuing!, ...signing], at }), { code: 'CHAIN_INVALID' });
  const keys = new Set(
    [admin, ...signing, tlsRoot!, tlsIssuing!, parseCertificatePem(published.adminEndpoint.root)].map(({ publicKey }) =>
      Buffer.from(publicKey).toString('hex'),
    ),
  );
  assert.equal(keys.size, 6, 'no two of them share a key');
});

test('however often and however much at once it is asked, a member keeps its first roots', async () => {
  const member = newMember();
  const answers = await Promise.all(Array.from({ length: 8 }, () => backend.authorities.ensure(member, now)));
  assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
  const { rows } = await sql<{ count: string }>`select count(*) from certificates where member_uid = ${member.uid}`.execute(
    backend.database,
  );
  assert.equal(rows[0]?.count, '6');
  const audited = await backend.database.selectFrom('audit').select('details').where('member_uid', '=', member.uid).execute();
  assert.deepEqual(
    audited.map(({ details }) => String(details.profile)).toSorted((a, b) => a.localeCompare(b)),
    ['admin', 'admin-endpoint', 'signing-issuing', 'signing-root', 'tls-issuing', 'tls-root'],
  );
});

test('broken off at any write, creation leaves nothing, and the next attempt makes everything', async () => {
  for (let write = 1; write <= 19; write++) {
    const member = newMember();
    await sql`create or replace function break_off() returns trigger language plpgsql as $$ begin
      perform set_config('test.writes', (coalesce(nullif(current_setting('test.writes', true), ''), '0')::int + 1)::text, true);
      if current_setting('test.writes')::int >= ${sql.raw(String(write))} then raise exception 'broken off'; end if; return new; end $$`.execute(
      backend.database,
    );
    for (const table of ['members', 'credentials', 'certificates', 'audit']) {
      await sql`create trigger break_off before insert on ${sql.id(table)} for each row execute function break_off()`.execute(
        backend.database,
      );
    }
    await assert.rejects(backend.authorities.ensure(member, now), /broken off/, `write ${write}`);
    for (const table of ['members', 'credentials', 'certificates', 'audit'])
      await sql`drop trigger break_off on ${sql.id(table)}`.execute(backend.database);
    assert.equal((await backend.credentials.certificates(member.uid)).size, 0);
    await backend.authorities.ensure(member, now);
    assert.equal((await backend.credentials.certificates(member.uid)).size, 6);
  }
});

test('no private key is in the database in the clear', async () => {
  await backend.authorities.ensure(newMember(), now);
  for (const table of ['members', 'credentials', 'certificates', 'audit']) {
    const { rows } = await sql<{
      text: string;
    }>`select encode(convert_to(t::text, 'UTF8'), 'escape') as text from ${sql.id(table)} t`.execute(backend.database);
    for (const { text } of rows) assert(!text.includes('PRIVATE') && !text.includes(Buffer.from('PRIVATE').toString('hex')));
  }
});

test('a sealed key that is moved to another member or another use does not open', async () => {
  const [mine, theirs] = [newMember(), newMember()];
  await backend.authorities.ensure(mine, now);
  await backend.authorities.ensure(theirs, now);
  await sql`update credentials set sealed_key = (select sealed_key from credentials where member_uid = ${theirs.uid} and use = 'tls-root')
    where member_uid = ${mine.uid} and use = 'tls-root'`.execute(backend.database);
  await assert.rejects(backend.credentials.open(backend.database, mine.uid, 'tls-root'), { code: 'SEALED_VALUE_UNREADABLE' });
  await sql`update credentials set sealed_key = (select sealed_key from credentials where member_uid = ${mine.uid} and use = 'admin')
    where member_uid = ${mine.uid} and use = 'signing-issuing'`.execute(backend.database);
  await assert.rejects(backend.credentials.open(backend.database, mine.uid, 'signing-issuing'), { code: 'SEALED_VALUE_UNREADABLE' });
});

test('another key-encryption key is told by its name, not taken for damage', async () => {
  const member = newMember();
  await backend.authorities.ensure(member, now);
  const other = await openKeyFile(join(backend.folder, 'another-key'));
  const store = createCredentialStore(backend.database, other);
  await assert.rejects(store.open(backend.database, member.uid, 'admin'), {
    code: 'KEY_ENCRYPTION_KEY_UNUSABLE',
    message: new RegExp(backend.keyEncryptionKey.id),
  });
  assert.deepEqual(
    await createAuthorityService(backend.database, store).ensure(member, now),
    await backend.authorities.ensure(member, now),
    'what is public needs no key',
  );
});

test('a key-encryption key that opens nothing is refused at once; one that opens something is not', async () => {
  await backend.authorities.ensure(newMember(), now);
  const other = await openKeyFile(join(backend.folder, 'made-anew'));
  await assert.rejects(requireKeyOf(backend.database, other), {
    code: 'KEY_ENCRYPTION_KEY_UNUSABLE',
    message: new RegExp(`under key-encryption key ${backend.keyEncryptionKey.id}, but this process has ${other.id}; put the former back`),
  });
  await requireKeyOf(backend.database, backend.keyEncryptionKey);
});

test('what was recorded cannot be changed', async () => {
  await backend.authorities.ensure(newMember(), now);
  for (const table of ['audit', 'certificates', 'signatures', 'node_keys']) {
    await assert.rejects(sql`delete from ${sql.id(table)}`.execute(backend.database), /only ever added/);
    await assert.rejects(sql`truncate ${sql.id(table)}`.execute(backend.database), /only ever added/);
  }
  await assert.rejects(sql`update audit set outcome = 'denied'`.execute(backend.database), /only ever added/);
});

test('several processes may bring an empty database up at once', async () => {
  await sql`create database fresh`.execute(backend.database);
  const fresh = new URL(backend.url);
  fresh.pathname = '/fresh';
  const databases = Array.from({ length: 4 }, () => openDatabase(fresh.href, ignoreBroken));
  await Promise.all(databases.map(migrate));
  await Promise.all(databases.map((database) => database.destroy()));
});

test('a connection that breaks between two statements of a transaction fails that transaction only', { timeout: 600_000 }, async () => {
  const broken: Error[] = [];
  const database = openDatabase(backend.url, (error) => broken.push(error));
  const work = database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(backend.database);
    while (broken.length === 0) await delay(5);
    await sql`select 1`.execute(transaction);
  });
  await assert.rejects(work);
  assert.equal((await sql<{ one: number }>`select 1 as one`.execute(database)).rows[0]?.one, 1);
  await database.destroy();
});

test('a database that accepts and then says nothing is told of', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  assert(address !== null && typeof address === 'object');
  const database = openDatabase(`postgres://nobody@127.0.0.1:${address.port}/none`, ignoreBroken);
  try {
    assert.equal(await problemOf(database, systemClock, 100), 'it does not answer: nothing came within 0.1 s');
    assert.equal(await problemOf(backend.database, systemClock, 60_000), undefined);
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await database.destroy();
  }
});
