import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const text = (...statements: string[]): Migration => ({
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});

/** In order of their names; what is released is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': text(
    `create table consortia (
      id uuid primary key default gen_random_uuid(),
      name text not null check (length(name) <= 20),
      state text not null default 'live' check (state in ('live', 'deleting', 'kept', 'deleted')),
      created_at timestamptz not null default now(),
      created_by text not null
    )`,
    `create unique index consortia_live_name on consortia (name) where state <> 'deleted'`,
    `create table msp_reservations (
      consortium_id uuid not null references consortia (id) on delete cascade,
      member text not null,
      msp_id text not null,
      primary key (consortium_id, member),
      unique (consortium_id, msp_id)
    )`,
    `create table operations (
      id uuid primary key default gen_random_uuid(),
      kind text not null,
      consortium text not null,
      actor text not null,
      plan jsonb not null,
      state text not null default 'pending'
        check (state in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelling', 'cancelled')),
      epoch integer not null default 0,
      lease_until timestamptz,
      due_at timestamptz default now(),
      idempotency_key text check (length(idempotency_key) <= 200),
      input_digest text not null,
      problem jsonb,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      unique (actor, idempotency_key)
    )`,
    `create index operations_due on operations (due_at) where due_at is not null`,
    `create index operations_consortium on operations (consortium, created_at desc)`,
    // One operation at a time changes a consortium: a second one would race the first one's desired state.
    `create unique index operations_one_at_a_time on operations (consortium)
      where state in ('pending', 'running', 'waiting', 'cancelling')`,
    `create table operation_steps (
      operation_id uuid not null references operations (id) on delete cascade,
      position integer not null,
      name text not null,
      title text not null,
      state text not null default 'pending'
        check (state in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
      attempt integer not null default 0,
      reason text,
      message text,
      started_at timestamptz,
      finished_at timestamptz,
      primary key (operation_id, position)
    )`,
    `create table operation_log (
      id bigserial primary key,
      operation_id uuid not null references operations (id) on delete cascade,
      step text,
      at timestamptz not null default now(),
      message text not null
    )`,
    `create index operation_log_operation on operation_log (operation_id, id)`,
    `create table outbox (
      id bigserial primary key,
      operation_id uuid not null references operations (id) on delete cascade,
      published_at timestamptz
    )`,
    `create index outbox_unpublished on outbox (id) where published_at is null`,
    `create table artifacts (
      digest text primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
      bytes bytea not null check (octet_length(bytes) <= 4194304),
      metadata jsonb not null,
      template text,
      template_version text,
      created_at timestamptz not null default now()
    )`,
    `create table projections (
      kind text not null,
      namespace text not null,
      name text not null,
      consortium text not null,
      uid text not null,
      resource_version bigint not null,
      object jsonb not null,
      primary key (kind, namespace, name)
    )`,
    `create index projections_consortium on projections (consortium)`,
    `create table audit (
      id bigserial primary key,
      at timestamptz not null default now(),
      actor text not null,
      action text not null,
      target text not null,
      delegated_for text,
      operation_id uuid,
      details jsonb not null
    )`,
    `create index audit_target on audit (target, id desc)`,
    `create table access_tokens (
      digest text primary key,
      actor text not null,
      created_at timestamptz not null default now()
    )`,
    // Whoever writes tells: subscriptions and workers listen instead of polling.
    `create function tell_operation() returns trigger language plpgsql as $$
      begin perform pg_notify('guildhall_operation', new.id::text); return null; end $$`,
    `create trigger operations_tell after insert or update on operations for each row execute function tell_operation()`,
    `create function tell_step() returns trigger language plpgsql as $$
      begin perform pg_notify('guildhall_operation', new.operation_id::text); return null; end $$`,
    `create trigger operation_steps_tell after update on operation_steps for each row execute function tell_step()`,
    `create function tell_projection() returns trigger language plpgsql as $$
      declare row projections; begin
        row := coalesce(new, old);
        perform pg_notify('guildhall_projection', row.consortium || ' ' || row.kind || '/' || row.namespace || '/' || row.name);
        return null; end $$`,
    `create trigger projections_tell after insert or update or delete on projections
      for each row execute function tell_projection()`,
  ),
  '0002-leases-and-tidings': text(
    // Whose lease it is: who failed in the middle of a run, its database being away, goes on at once when it is back.
    `alter table operations add column claimed_by text`,
    // What it changes within the consortium, as in contract/note; empty: all of it. Only the last one may be retried or cancelled.
    `alter table operations add column subject text not null default ''`,
    // Of the Consortium object: tells a late word of a deleted one from a new one of the same name.
    `alter table consortia add column cluster_uid text`,
    `create index consortia_cluster_uid on consortia (cluster_uid) where cluster_uid is not null`,
    `create index projections_uid on projections (uid)`,
    // Claims and leases come and go all the time; only what can be seen is told.
    `drop trigger operations_tell on operations`,
    `create trigger operations_tell_new after insert on operations for each row execute function tell_operation()`,
    `create trigger operations_tell_change after update on operations for each row
      when (old.state is distinct from new.state or old.problem is distinct from new.problem)
      execute function tell_operation()`,
    `drop trigger operation_steps_tell on operation_steps`,
    `create trigger operation_steps_tell after update on operation_steps for each row
      when (old.* is distinct from new.*) execute function tell_step()`,
    `create trigger operation_log_tell after insert on operation_log for each row execute function tell_step()`,
    `create function tell_consortium() returns trigger language plpgsql as $$
      begin perform pg_notify('guildhall_projection', new.name || ' ' || new.state); return null; end $$`,
    `create trigger consortia_tell after update on consortia for each row
      when (old.state is distinct from new.state) execute function tell_consortium()`,
  ),
  '0003-sessions': text(
    // Both hang on a token, and are gone with it.
    `create table sessions (
      digest text primary key,
      token_digest text not null references access_tokens (digest) on delete cascade,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      ends_at timestamptz not null check (expires_at <= ends_at)
    )`,
    `create index sessions_token on sessions (token_digest)`,
    `create table sign_in_codes (
      digest text primary key,
      token_digest text not null references access_tokens (digest) on delete cascade,
      expires_at timestamptz not null
    )`,
    `create index sign_in_codes_token on sign_in_codes (token_digest)`,
  ),
  '0004-requests': text(
    // What was asked under which key and is no operation, so that asking again changes nothing.
    `create table requests (
      id uuid primary key default gen_random_uuid(),
      actor text not null,
      idempotency_key text not null check (length(idempotency_key) <= 200),
      input_digest text not null,
      created_at timestamptz not null default now(),
      unique (actor, idempotency_key)
    )`,
  ),
  '0005-ledger-index': text(
    // One for each ledger that is followed. Without a channel: it holds no longer, and is deleted bit by bit.
    `create table ledgers (
      id bigserial primary key,
      channel_uid text unique,
      next_block bigint not null default 0,
      last_hash bytea,
      created_at timestamptz not null default now()
    )`,
    `create table ledger_blocks (
      ledger_id bigint not null,
      number bigint not null,
      hash bytea not null,
      previous_hash bytea not null,
      data_hash bytea not null,
      is_configuration boolean not null,
      transaction_count integer not null,
      valid_count integer not null,
      at timestamptz,
      seen_at timestamptz not null,
      primary key (ledger_id, number)
    )`,
    `create index ledger_blocks_at on ledger_blocks (ledger_id, at)`,
    `create table ledger_transactions (
      ledger_id bigint not null,
      block bigint not null,
      position integer not null,
      transaction_id text not null,
      type text not null,
      contract text,
      function text,
      creator text,
      validation_code integer not null,
      has_event boolean not null,
      at timestamptz,
      latency_ms integer,
      primary key (ledger_id, block, position)
    )`,
    // Each kind of search has an index in the order of its pages, so that a page costs the same wherever it is.
    `create index ledger_transactions_id on ledger_transactions (ledger_id, transaction_id, block, position)`,
    `create index ledger_transactions_contract on ledger_transactions (ledger_id, contract, block, position)`,
    `create index ledger_transactions_creator on ledger_transactions (ledger_id, creator, block, position)`,
    `create index ledger_transactions_both on ledger_transactions (ledger_id, contract, creator, block, position)`,
    `create index ledger_transactions_invalid on ledger_transactions (ledger_id, block, position) where validation_code <> 0`,
    `create index ledger_transactions_event on ledger_transactions (ledger_id, contract, block, position) where has_event and validation_code = 0`,
    `create index ledger_transactions_at on ledger_transactions (ledger_id, at)`,
    // By digest: a key may have any length and hold any character.
    `create table ledger_writes (
      ledger_id bigint not null,
      key_digest bytea not null,
      block bigint not null,
      position integer not null,
      is_delete boolean not null,
      is_valid boolean not null,
      primary key (ledger_id, key_digest, block, position)
    )`,
    `create index ledger_writes_valid on ledger_writes (ledger_id, key_digest, block, position) where is_valid`,
  ),
  '0006-sources-and-consents': text(
    `create table contract_sources (
      digest text primary key references artifacts (digest),
      entry text not null,
      files jsonb not null
    )`,
    // Every definition that an operation wrote down, and what each member said of it.
    `create table contract_definitions (
      id uuid primary key default gen_random_uuid(),
      consortium_id uuid not null references consortia (id) on delete cascade,
      contract text not null,
      version text not null,
      artifact_digest text not null references artifacts (digest),
      spec_digest text not null,
      consent text not null check (consent in ('delegated', 'each')),
      operation_id uuid not null references operations (id),
      created_at timestamptz not null default now(),
      created_by text not null
    )`,
    `create index contract_definitions_contract on contract_definitions (consortium_id, contract, created_at desc)`,
    `create index contract_definitions_operation on contract_definitions (operation_id)`,
    `create table contract_decisions (
      definition_id uuid not null references contract_definitions (id) on delete cascade,
      member text not null,
      state text not null check (state in ('approved', 'rejected')),
      actor text not null,
      reason text,
      at timestamptz not null default now(),
      primary key (definition_id, member)
    )`,
    `create function tell_decision() returns trigger language plpgsql as $$
      declare row contract_decisions; begin
        row := coalesce(new, old);
        perform pg_notify('guildhall_projection', consortia.name || ' decision')
          from contract_definitions join consortia on consortia.id = consortium_id where contract_definitions.id = row.definition_id;
        return null; end $$`,
    `create trigger contract_decisions_tell after insert or update or delete on contract_decisions
      for each row execute function tell_decision()`,
    // One that waits for people lets others change the rest of the consortium meanwhile; what it changes itself stays its own.
    `alter table operations add column yields boolean not null default false`,
    `drop index operations_one_at_a_time`,
    `create unique index operations_one_at_a_time on operations (consortium)
      where state in ('pending', 'running', 'waiting', 'cancelling') and not yields`,
    `create unique index operations_one_for_a_subject on operations (consortium, subject)
      where state in ('pending', 'running', 'waiting', 'cancelling')`,
  ),
  '0007-forgotten-objects': text(
    // What one replica has taken away another may not have heard of yet: its late word brings no row back. A uid is never used again.
    `create table forgotten_objects (
      uid text primary key,
      at timestamptz not null default now()
    )`,
    `create function refuse_forgotten() returns trigger language plpgsql as $$
      begin
        if exists (select from forgotten_objects where uid = new.uid) then return null; end if;
        return new; end $$`,
    `create trigger projections_refuse_forgotten before insert on projections for each row execute function refuse_forgotten()`,
  ),
  '0008-images-of-contracts': text(
    // Of an image the digest is all that is kept.
    `alter table contract_definitions drop constraint contract_definitions_artifact_digest_fkey`,
  ),
  '0009-troubles-of-steps': text(
    // Since when a step that waits is in trouble, and when it was last seen without it.
    `alter table operation_steps add column trouble_since timestamptz, add column trouble_until timestamptz`,
  ),
};
