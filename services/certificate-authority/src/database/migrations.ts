import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = (...texts: string[]): Migration => ({
  up: async (database: Kysely<unknown>) => {
    for (const text of texts) await sql.raw(text).execute(database);
  },
});

/** In order of their names; what is released is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': statements(
    `create table members (
      uid text primary key,
      namespace text not null,
      name text not null,
      msp_id text not null,
      wrapped_data_key bytea not null,
      key_encryption_key text not null,
      created_at timestamptz not null
    )`,
    `create table credentials (
      member_uid text not null references members (uid),
      use text not null,
      version integer not null check (version >= 1),
      certificate text not null,
      sealed_key bytea not null,
      primary key (member_uid, use)
    )`,
    `create table certificates (
      fingerprint text primary key,
      member_uid text not null references members (uid),
      profile text not null,
      issuer text not null,
      serial_number text not null,
      subject text not null,
      not_before timestamptz not null,
      not_after timestamptz not null,
      certificate text not null,
      request_uid text unique,
      unique (member_uid, issuer, serial_number)
    )`,
    `create table signatures (
      request_uid text primary key,
      member_uid text not null references members (uid),
      purpose text not null,
      intent_uid text not null,
      intent_generation bigint not null,
      intent_digest text not null,
      message_digest text not null,
      transaction_id text not null,
      subject text not null,
      signature bytea not null,
      signed_at timestamptz not null
    )`,
    `create index signatures_transaction on signatures (member_uid, transaction_id)`,
    // No foreign key: a denial is recorded even when the member that it names does not exist here.
    `create table audit (
      id bigserial primary key,
      at timestamptz not null,
      action text not null,
      outcome text not null check (outcome in ('done', 'denied')),
      member_uid text,
      request_uid text,
      details jsonb not null
    )`,
    // A request is answered once; a process that is killed between the answer and its status answers the same again.
    `create unique index audit_once on audit (request_uid, outcome) where request_uid is not null`,
    `create index audit_member on audit (member_uid, id desc)`,
    `create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'rows of % are only ever added', tg_table_name; end $$`,
    ...['audit', 'certificates', 'signatures'].map(
      (table) => `create trigger ${table}_append_only before update or delete or truncate on ${table}
        for each statement execute function refuse_change()`,
    ),
  ),
  '0002-node-keys': statements(
    // Certificates that were issued before are not listed: their Nodes' next request names the key.
    `create table node_keys (
      node_uid text not null,
      profile text not null,
      member_uid text not null references members (uid),
      public_key text not null,
      request_uid text not null,
      primary key (node_uid, profile)
    )`,
    `create trigger node_keys_append_only before update or delete or truncate on node_keys for each statement execute function refuse_change()`,
  ),
};
