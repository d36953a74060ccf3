import { sql, type SelectQueryBuilder } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { Tables } from '../database/schema.ts';
import type { PageQuery } from '../graphql/paging.ts';
import { keyDigest, type BlockSummary, type TransactionSummary } from './index-rows.ts';

/** How far the index of a channel is. */
export interface LedgerIndex {
  id: string;
  nextBlock: number;
  /** Of the block before that. */
  lastHash: Uint8Array | null;
}

export async function indexOf(db: Connection, channelUid: string): Promise<LedgerIndex | undefined> {
  const row = await db.selectFrom('ledgers').select(['id', 'next_block', 'last_hash']).where('channel_uid', '=', channelUid).executeTakeFirst();
  return row && { id: row.id, nextBlock: Number(row.next_block), lastHash: row.last_hash };
}

/** Where a transaction stands. */
export interface Place {
  block: number;
  position: number;
}

export const placeCursor = ({ block, position }: Place): string => `${block}-${position}`;
export const isPlaceCursor = (text: string): boolean => /^\d{1,15}-\d{1,9}$/.test(text);
function placeOf(cursor: string): Place {
  const [block, position] = cursor.split('-').map(Number);
  return { block: block ?? 0, position: position ?? 0 };
}

const blockColumns = ['number', 'hash', 'previous_hash', 'data_hash', 'is_configuration', 'transaction_count', 'valid_count', 'at'] as const;
type BlockColumns = { number: string; hash: Uint8Array; previous_hash: Uint8Array; data_hash: Uint8Array; is_configuration: boolean; transaction_count: number; valid_count: number; at: Date | null };

const toBlock = (row: BlockColumns): BlockSummary => ({
  number: Number(row.number),
  hash: row.hash,
  previousHash: row.previous_hash,
  dataHash: row.data_hash,
  isConfiguration: row.is_configuration,
  transactionCount: row.transaction_count,
  validCount: row.valid_count,
  at: row.at,
});

/** The newest first; with `backwards` from the first one. */
export async function listBlocks(db: Connection, ledgerId: string, { after, before, backwards, limit }: PageQuery): Promise<BlockSummary[]> {
  const rows = await db
    .selectFrom('ledger_blocks')
    .select(blockColumns)
    .where('ledger_id', '=', ledgerId)
    .$if(after !== undefined, (query) => query.where('number', '<', after ?? ''))
    .$if(before !== undefined, (query) => query.where('number', '>', before ?? ''))
    .orderBy('number', backwards ? 'asc' : 'desc')
    .limit(limit)
    .execute();
  return rows.map(toBlock);
}

export async function findBlock(db: Connection, ledgerId: string, number: number): Promise<BlockSummary | undefined> {
  const row = await db.selectFrom('ledger_blocks').select(blockColumns).where('ledger_id', '=', ledgerId).where('number', '=', String(number)).executeTakeFirst();
  return row && toBlock(row);
}

/** Blocks from one on, the oldest first. */
export async function blocksFrom(db: Connection, ledgerId: string, number: number, limit: number): Promise<BlockSummary[]> {
  const rows = await db.selectFrom('ledger_blocks').select(blockColumns).where('ledger_id', '=', ledgerId).where('number', '>=', String(number)).orderBy('number').limit(limit).execute();
  return rows.map(toBlock);
}

const transactionColumns = ['block', 'position', 'transaction_id', 'type', 'contract', 'function', 'creator', 'validation_code', 'has_event', 'at', 'latency_ms'] as const;
type TransactionColumns = {
  block: string; position: number; transaction_id: string; type: string; contract: string | null; function: string | null;
  creator: string | null; validation_code: number; has_event: boolean; at: Date | null; latency_ms: number | null;
};

const toTransaction = (row: TransactionColumns): TransactionSummary => ({
  block: Number(row.block),
  position: row.position,
  transactionId: row.transaction_id,
  // The column holds what indexedBlock gave.
  type: row.type as TransactionSummary['type'],
  contract: row.contract,
  function: row.function,
  creator: row.creator,
  validationCode: row.validation_code,
  hasEvent: row.has_event,
  at: row.at,
  latencyMs: row.latency_ms,
});

export interface TransactionFilter {
  contract?: string | undefined;
  /** The MSP id of who submitted it. */
  creator?: string | undefined;
  /** A key of `contract` that it writes. */
  key?: string | undefined;
  valid?: boolean | undefined;
  block?: number | undefined;
}

/** A page by the place in the ledger, the newest first, for a table that has these columns. */
function pageByPlace<O>(query: SelectQueryBuilder<Tables, 'ledger_transactions' | 'ledger_writes', O>, table: 'ledger_transactions' | 'ledger_writes', { after, before, backwards, limit }: PageQuery) {
  const place = sql`(${sql.ref(`${table}.block`)}, ${sql.ref(`${table}.position`)})`;
  const compared = (operator: '<' | '>', cursor: string) => {
    const { block, position } = placeOf(cursor);
    return sql<boolean>`${place} ${sql.raw(operator)} (${block}::bigint, ${position}::int)`;
  };
  const direction = backwards ? 'asc' : 'desc';
  return query
    .$if(after !== undefined, (each) => each.where(compared('<', after ?? '')))
    .$if(before !== undefined, (each) => each.where(compared('>', before ?? '')))
    .orderBy(`${table}.block`, direction)
    .orderBy(`${table}.position`, direction)
    .limit(limit);
}

const all = (name: (typeof transactionColumns)[number]) => `ledger_transactions.${name}` as const;

export async function listTransactions(db: Connection, ledgerId: string, filter: TransactionFilter, page: PageQuery): Promise<TransactionSummary[]> {
  const { contract, creator, key, valid, block } = filter;
  const byKey = key !== undefined;
  const selected = byKey
    ? db
        .selectFrom('ledger_writes')
        .innerJoin('ledger_transactions', (join) =>
          join
            .onRef('ledger_transactions.ledger_id', '=', 'ledger_writes.ledger_id')
            .onRef('ledger_transactions.block', '=', 'ledger_writes.block')
            .onRef('ledger_transactions.position', '=', 'ledger_writes.position'),
        )
        .where('ledger_writes.ledger_id', '=', ledgerId)
        .where('ledger_writes.key_digest', '=', keyDigest(contract ?? '', key))
        .$if(valid !== undefined, (query) => query.where('ledger_writes.is_valid', '=', valid ?? true))
    : (db
        .selectFrom('ledger_transactions')
        .where('ledger_transactions.ledger_id', '=', ledgerId)
        .$if(contract !== undefined, (query) => query.where('ledger_transactions.contract', '=', contract ?? ''))
        .$if(valid !== undefined, (query) => query.where('ledger_transactions.validation_code', valid === true ? '=' : '<>', 0)) as never);
  const query = (selected as SelectQueryBuilder<Tables, 'ledger_transactions' | 'ledger_writes', object>)
    .select(transactionColumns.map(all))
    .$if(creator !== undefined, (each) => each.where('ledger_transactions.creator', '=', creator ?? ''))
    .$if(block !== undefined, (each) => each.where('ledger_transactions.block', '=', String(block)));
  const rows = await pageByPlace(query, byKey ? 'ledger_writes' : 'ledger_transactions', page).execute();
  return rows.map(toTransaction);
}

/** The first one, where copies of it stand in later blocks. */
export async function findTransaction(db: Connection, ledgerId: string, transactionId: string): Promise<TransactionSummary | undefined> {
  const row = await db
    .selectFrom('ledger_transactions')
    .select(transactionColumns)
    .where('ledger_id', '=', ledgerId)
    .where('transaction_id', '=', transactionId)
    .orderBy('block')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  return row && toTransaction(row);
}

export interface KeyChange extends Place {
  isDelete: boolean;
}

/** Valid writes of a key, the newest first. */
export async function listKeyChanges(db: Connection, ledgerId: string, contract: string, key: string, page: PageQuery): Promise<KeyChange[]> {
  const query = db
    .selectFrom('ledger_writes')
    .select(['ledger_writes.block', 'ledger_writes.position', 'ledger_writes.is_delete'])
    .where('ledger_id', '=', ledgerId)
    .where('key_digest', '=', keyDigest(contract, key))
    .where('is_valid', '=', true);
  const rows = await pageByPlace(query as never as SelectQueryBuilder<Tables, 'ledger_transactions' | 'ledger_writes', { block: string; position: number; is_delete: boolean }>, 'ledger_writes', page).execute();
  return rows.map((row) => ({ block: Number(row.block), position: row.position, isDelete: row.is_delete }));
}

/** Valid transactions of a contract that sent an event, after a place, the oldest first. */
export async function eventsAfter(db: Connection, ledgerId: string, contract: string, { block, position }: Place, limit: number): Promise<TransactionSummary[]> {
  const rows = await db
    .selectFrom('ledger_transactions')
    .select(transactionColumns)
    .where('ledger_id', '=', ledgerId)
    .where('contract', '=', contract)
    .where('has_event', '=', true)
    .where('validation_code', '=', 0)
    .where(sql<boolean>`(block, position) > (${block}::bigint, ${position}::int)`)
    .orderBy('block')
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(toTransaction);
}

export interface ActivityBucket {
  from: Date;
  to: Date;
  blocks: number;
  transactions: number;
  invalid: number;
  medianLatencyMs: number | null;
}

/** Counts for equal parts of a time, by the transactions' own times. */
export async function activity(db: Connection, ledgerId: string | undefined, since: Date, until: Date, buckets: number): Promise<ActivityBucket[]> {
  const step = (until.getTime() - since.getTime()) / buckets;
  const edge = (index: number): Date => new Date(since.getTime() + index * step);
  const bucket = sql`width_bucket(extract(epoch from at)::float8, ${since.getTime() / 1000}::float8, ${until.getTime() / 1000}::float8, ${buckets}::int)`;
  const range = sql`ledger_id = ${ledgerId ?? null}::bigint and at >= ${since} and at < ${until}`;
  const [blocks, transactions] = await Promise.all([
    sql<{ bucket: number; blocks: string }>`select ${bucket} as bucket, count(*) as blocks from ledger_blocks where ${range} group by 1`.execute(db),
    sql<{ bucket: number; transactions: string; invalid: string; median: number | null }>`
      select ${bucket} as bucket, count(*) as transactions, count(*) filter (where validation_code <> 0) as invalid,
        percentile_cont(0.5) within group (order by latency_ms) as median
      from ledger_transactions where ${range} group by 1`.execute(db),
  ]);
  return Array.from({ length: buckets }, (_, index) => {
    const counted = transactions.rows.find((row) => row.bucket === index + 1);
    return {
      from: edge(index),
      to: edge(index + 1),
      blocks: Number(blocks.rows.find((row) => row.bucket === index + 1)?.blocks ?? 0),
      transactions: Number(counted?.transactions ?? 0),
      invalid: Number(counted?.invalid ?? 0),
      medianLatencyMs: counted?.median ?? null,
    };
  });
}
