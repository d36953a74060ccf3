import { sql } from 'kysely';
import { transact, type Connection, type Database } from '../database/database.ts';
import type { IndexedBlock } from './index-rows.ts';
import { remainder, type IndexPosition } from './remainder.ts';

export interface OpenLedger extends IndexPosition {
  id: string;
}

/** PostgreSQL takes 65,535 parameters in a statement; a row has at most twelve. */
const rowsAtOnce = 2000;

/** The index of a channel, begun if there is none. */
export async function openLedger(db: Database, channelUid: string): Promise<OpenLedger> {
  await db.insertInto('ledgers').values({ channel_uid: channelUid, last_hash: null }).onConflict((conflict) => conflict.column('channel_uid').doNothing()).execute();
  const row = await db.selectFrom('ledgers').select(['id', 'next_block', 'last_hash']).where('channel_uid', '=', channelUid).executeTakeFirstOrThrow();
  return { id: row.id, nextBlock: Number(row.next_block), lastHash: row.last_hash };
}

async function inChunks<Row>(rows: readonly Row[], write: (chunk: Row[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) await write(rows.slice(from, from + rowsAtOnce));
}

async function insertBlocks(tx: Connection, ledgerId: string, blocks: readonly IndexedBlock[]): Promise<void> {
  const summaries = blocks.map(({ summary, seenAt }) => ({
    ledger_id: ledgerId,
    number: summary.number,
    hash: summary.hash,
    previous_hash: summary.previousHash,
    data_hash: summary.dataHash,
    is_configuration: summary.isConfiguration,
    transaction_count: summary.transactionCount,
    valid_count: summary.validCount,
    at: summary.at,
    seen_at: seenAt,
  }));
  const transactions = blocks.flatMap((block) => block.transactions).map((transaction) => ({
    ledger_id: ledgerId,
    block: transaction.block,
    position: transaction.position,
    transaction_id: transaction.transactionId,
    type: transaction.type,
    contract: transaction.contract,
    function: transaction.function,
    creator: transaction.creator,
    validation_code: transaction.validationCode,
    has_event: transaction.hasEvent,
    at: transaction.at,
    latency_ms: transaction.latencyMs,
  }));
  const writes = blocks.flatMap((block) => block.writes).map(({ digest, block, position, isDelete, isValid }) => ({
    ledger_id: ledgerId, key_digest: digest, block, position, is_delete: isDelete, is_valid: isValid,
  }));
  await inChunks(summaries, (chunk) => tx.insertInto('ledger_blocks').values(chunk).execute());
  await inChunks(transactions, (chunk) => tx.insertInto('ledger_transactions').values(chunk).execute());
  // A transaction that is not valid may name a key twice.
  await inChunks(writes, (chunk) => tx.insertInto('ledger_writes').values(chunk).onConflict((conflict) => conflict.doNothing()).execute());
}

/**
 * Writes blocks in a row and moves the position, both or neither. Several processes may do so at once: who comes second finds the position moved, and
 * writes what is left. False when the blocks do not go on from where the index stands, or the index was given up.
 */
export const appendBlocks = (db: Database, ledgerId: string, blocks: readonly IndexedBlock[]): Promise<boolean> =>
  transact(db, async (tx) => {
    const row = await tx.selectFrom('ledgers').select(['channel_uid', 'next_block', 'last_hash']).where('id', '=', ledgerId).forUpdate().executeTakeFirst();
    if (!row || row.channel_uid === null) return false;
    const rest = remainder(blocks, { nextBlock: Number(row.next_block), lastHash: row.last_hash });
    const last = rest?.at(-1);
    if (!rest || !last) return rest !== undefined;
    await insertBlocks(tx, ledgerId, rest);
    await tx.updateTable('ledgers').set({ next_block: last.summary.number + 1, last_hash: last.summary.hash }).where('id', '=', ledgerId).execute();
    await sql`select pg_notify('guildhall_ledger', ${row.channel_uid})`.execute(tx);
    return true;
  });

/** What was written is of a ledger that is no more. The next one who opens it begins anew. */
export const abandonLedger = (db: Connection, ledgerId: string): Promise<unknown> =>
  sql`
    with gone as (select id, channel_uid from ledgers where id = ${ledgerId}::bigint and channel_uid is not null for update),
    given_up as (update ledgers set channel_uid = null from gone where ledgers.id = gone.id returning gone.channel_uid)
    select pg_notify('guildhall_ledger', channel_uid) from given_up`.execute(db);

/** Gives up the indexes of these channels, which are no more. */
export async function abandonChannels(db: Connection, channelUids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from ledgers where channel_uid = any (${[...channelUids]}::text[])`.execute(db);
  for (const { id } of rows) await abandonLedger(db, id);
}

export const indexedChannels = async (db: Connection): Promise<Set<string>> => {
  const rows = await db.selectFrom('ledgers').select('channel_uid').where('channel_uid', 'is not', null).execute();
  return new Set(rows.flatMap(({ channel_uid }) => channel_uid ?? []));
};

const tables = ['ledger_blocks', 'ledger_transactions', 'ledger_writes'] as const;
const deletedAtOnce = 5000;

/** Deletes the rows of indexes that were given up, a little at a time, so that no statement takes long. */
export async function sweepLedgers(db: Connection, signal: AbortSignal): Promise<void> {
  const gone = await db.selectFrom('ledgers').select('id').where('channel_uid', 'is', null).execute();
  for (const { id } of gone) {
    for (const table of tables) {
      for (let deleted = deletedAtOnce; deleted === deletedAtOnce && !signal.aborted; ) {
        const result = await sql`delete from ${sql.table(table)} where ctid = any (array(select ctid from ${sql.table(table)} where ledger_id = ${id}::bigint limit ${deletedAtOnce}))`.execute(db);
        deleted = Number(result.numAffectedRows ?? 0);
      }
    }
    if (signal.aborted) return;
    await db.deleteFrom('ledgers').where('id', '=', id).where('channel_uid', 'is', null).execute();
  }
}
