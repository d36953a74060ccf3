import { randomBytes } from 'node:crypto';
import { createSigner, parseCertificatePem, type Issuer, type KeyPair } from '@guildhall/pki';
import type { CredentialUse } from '../certificates/profiles.ts';
import { open, seal, type SealedPlace } from '../custody/envelope.ts';
import type { KeyEncryptionKey } from '../custody/key-encryption-key.ts';
import type { Database, Transaction } from '../database/database.ts';
import { CertificateAuthorityError } from '../errors.ts';
import type { MemberIdentity } from './member-authorities.ts';

export interface NewCredential {
  readonly use: CredentialUse;
  /** PEM. */
  readonly certificate: string;
  readonly keys: KeyPair;
}

/** Keeps members' CA keys and administrators' keys, sealed; a key is in memory only while it signs. */
export interface CredentialStore {
  /** A new data-encryption key for the member. False: it already has one, and nothing was written. */
  addMember(transaction: Transaction, member: MemberIdentity, now: Date): Promise<boolean>;
  add(transaction: Transaction, memberUid: string, credentials: readonly NewCredential[]): Promise<void>;
  /** Certificates by use; empty for a member that is not known. */
  certificates(memberUid: string): Promise<ReadonlyMap<CredentialUse, string>>;
  /** Certificate and signer of one credential. */
  open(database: Database | Transaction, memberUid: string, use: CredentialUse): Promise<Issuer>;
}

export function createCredentialStore(database: Database, keyEncryptionKey: KeyEncryptionKey): CredentialStore {
  async function dataKey(connection: Database | Transaction, memberUid: string): Promise<Uint8Array> {
    const member = await connection
      .selectFrom('members')
      .select(['wrapped_data_key', 'key_encryption_key'])
      .where('uid', '=', memberUid)
      .executeTakeFirst();
    if (member === undefined) throw missing(memberUid, 'any key');
    return unwrap(memberUid, member);
  }

  async function unwrap(memberUid: string, member: { wrapped_data_key: Uint8Array; key_encryption_key: string }): Promise<Uint8Array> {
    if (member.key_encryption_key !== keyEncryptionKey.id) {
      throw new CertificateAuthorityError(
        'KEY_ENCRYPTION_KEY_UNUSABLE',
        `the keys of member ${memberUid} are under key-encryption key ${member.key_encryption_key}, but this process has ${keyEncryptionKey.id}; start it with the former`,
      );
    }
    return keyEncryptionKey.unwrap(member.wrapped_data_key, dataKeyPlace(memberUid));
  }

  return {
    async addMember(transaction, member, now) {
      const wrapped = await using(randomBytes(32), (key) => keyEncryptionKey.wrap(key, dataKeyPlace(member.uid)));
      const inserted = await transaction
        .insertInto('members')
        .values({
          uid: member.uid,
          namespace: member.namespace,
          name: member.name,
          msp_id: member.mspId,
          wrapped_data_key: wrapped,
          key_encryption_key: keyEncryptionKey.id,
          created_at: now,
        })
        .onConflict((conflict) => conflict.column('uid').doNothing())
        .returning('uid')
        .executeTakeFirst();
      return inserted !== undefined;
    },

    async add(transaction, memberUid, credentials) {
      const version = 1;
      const sealed = (key: Uint8Array, use: CredentialUse, keys: KeyPair): Promise<Uint8Array> =>
        using(Buffer.from(keys.privateKeyPem, 'utf8'), (plain) => seal(key, plain, keyPlace(memberUid, use, version)));
      const rows = await using(await dataKey(transaction, memberUid), (key) =>
        Promise.all(credentials.map(async ({ use, certificate, keys }) => ({ member_uid: memberUid, use, version, certificate, sealed_key: await sealed(key, use, keys) }))),
      );
      await transaction.insertInto('credentials').values(rows).execute();
    },

    async certificates(memberUid) {
      const rows = await database.selectFrom('credentials').select(['use', 'certificate']).where('member_uid', '=', memberUid).execute();
      return new Map(rows.map(({ use, certificate }) => [use, certificate]));
    },

    async open(connection, memberUid, use) {
      const row = await connection
        .selectFrom('credentials')
        .innerJoin('members', 'members.uid', 'credentials.member_uid')
        .select(['certificate', 'sealed_key', 'version', 'wrapped_data_key', 'key_encryption_key'])
        .where('member_uid', '=', memberUid)
        .where('use', '=', use)
        .executeTakeFirst();
      if (row === undefined) throw missing(memberUid, use);
      const signer = await using(await unwrap(memberUid, row), (key) =>
        using(open(key, row.sealed_key, keyPlace(memberUid, use, row.version)), createSigner),
      );
      return { certificate: parseCertificatePem(row.certificate), signer };
    },
  };
}

/** Whether no member's keys are kept yet. */
export const isFirst = async (database: Database): Promise<boolean> => (await database.selectFrom('members').select('uid').limit(1).executeTakeFirst()) === undefined;

/**
 * A key-encryption key that opens nothing of what is there is not the one: a key file that was lost, and made anew. New members' keys under
 * it would only make things worse.
 */
export async function requireKeyOf(database: Database, keyEncryptionKey: KeyEncryptionKey): Promise<void> {
  const rows = await database.selectFrom('members').select('key_encryption_key').distinct().execute();
  const former = rows.map((row) => row.key_encryption_key);
  if (former.length === 0 || former.includes(keyEncryptionKey.id)) return;
  throw new CertificateAuthorityError(
    'KEY_ENCRYPTION_KEY_UNUSABLE',
    `the members' keys are under key-encryption key ${former.join(', ')}, but this process has ${keyEncryptionKey.id}; put the former back in its place and start again`,
  );
}

/** Whatever is done with a secret, its bytes are overwritten afterwards. */
async function using<T>(secret: Uint8Array, work: (secret: Uint8Array) => T | Promise<T>): Promise<T> {
  try {
    return await work(secret);
  } finally {
    secret.fill(0);
  }
}

function dataKeyPlace(memberUid: string): SealedPlace {
  return { member: memberUid, table: 'members', row: memberUid, column: 'wrapped_data_key', version: 1 };
}

function keyPlace(memberUid: string, use: CredentialUse, version: number): SealedPlace {
  return { member: memberUid, table: 'credentials', row: use, column: 'sealed_key', version };
}

function missing(memberUid: string, what: string): CertificateAuthorityError {
  return new CertificateAuthorityError(
    'AUTHORITY_MISSING',
    `member ${memberUid} has no ${what} here; its authorities are made when its Member object is seen`,
  );
}
