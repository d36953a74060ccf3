import { createHash } from 'node:crypto';
import type { BlockTransaction, LedgerBlock } from '@guildhall/ledger-gateway';

/** What the index knows of a block. */
export interface BlockSummary {
  number: number;
  hash: Uint8Array;
  previousHash: Uint8Array;
  dataHash: Uint8Array;
  isConfiguration: boolean;
  transactionCount: number;
  validCount: number;
  /** The newest time among its transactions: a block has none of its own. */
  at: Date | null;
}

/** What the index knows of a transaction. */
export interface TransactionSummary {
  block: number;
  position: number;
  transactionId: string;
  type: BlockTransaction['type'];
  contract: string | null;
  function: string | null;
  creator: string | null;
  validationCode: number;
  hasEvent: boolean;
  at: Date | null;
  latencyMs: number | null;
}

export interface WrittenKey {
  digest: Uint8Array;
  block: number;
  position: number;
  isDelete: boolean;
  isValid: boolean;
}

/** Everything that the index keeps of a block. */
export interface IndexedBlock {
  summary: BlockSummary;
  seenAt: Date;
  transactions: TransactionSummary[];
  writes: WrittenKey[];
}

/** A length that no honest name has. */
const maxText = 200;

/** Text of others as PostgreSQL holds it: U+0000 and halves of surrogate pairs it refuses. */
const storable = (text: string): string => text.slice(0, maxText).replaceAll('\u0000', '\uFFFD').toWellFormed();

const [earliest, latest] = [Date.UTC(2000), Date.UTC(9999)];

/** Whoever submits a transaction chooses its time: one that no calendar has is none. */
const storableTime = (time: Date | undefined): Date | null =>
  time !== undefined && time.getTime() >= earliest && time.getTime() <= latest ? time : null;

/** More than this is no latency but two clocks that differ. */
const maxLatencyMs = 10 * 60_000;

/**
 * From the time that the client gave its transaction to when its block was seen. Only for a block that came while it was waited for, and only
 * where the clocks of both allow it.
 */
function latencyMs(at: Date | null, seenLive: Date | undefined): number | null {
  if (at === null || seenLive === undefined) return null;
  const latency = seenLive.getTime() - at.getTime();
  return latency >= 0 && latency <= maxLatencyMs ? latency : null;
}

export const keyDigest = (contract: string, key: string): Uint8Array => createHash('sha256').update(`${contract}\u0000${key}`).digest();

export function transactionSummary(transaction: BlockTransaction, block: number, seenLive?: Date): TransactionSummary {
  const [action] = transaction.actions;
  const at = storableTime(transaction.timestamp);
  return {
    block,
    position: transaction.index,
    transactionId: storable(transaction.transactionId),
    type: transaction.type,
    contract: action ? storable(action.contract) : null,
    function: action?.args[0] ? storable(new TextDecoder().decode(action.args[0].subarray(0, 4 * maxText))) : null,
    creator: transaction.creator ? storable(transaction.creator.mspId) : null,
    validationCode: transaction.validationCode,
    hasEvent: action?.event !== undefined,
    at,
    latencyMs: latencyMs(at, seenLive),
  };
}

export function blockSummary(block: LedgerBlock): BlockSummary {
  const times = block.transactions.flatMap(({ timestamp }) => storableTime(timestamp)?.getTime() ?? []);
  return {
    number: block.number,
    hash: block.hash,
    previousHash: block.previousHash,
    dataHash: block.dataHash,
    isConfiguration: block.isConfiguration,
    transactionCount: block.transactions.length,
    validCount: block.transactions.filter(({ validationCode }) => validationCode === 0).length,
    at: times.length === 0 ? null : new Date(Math.max(...times)),
  };
}

const writesOf = (block: LedgerBlock): WrittenKey[] =>
  block.transactions.flatMap(({ index, validationCode, actions }) =>
    actions.flatMap(({ readWriteSets }) =>
      readWriteSets.flatMap(({ contract, writes }) =>
        writes.map(({ key, isDelete }) => ({ digest: keyDigest(contract, key), block: block.number, position: index, isDelete, isValid: validationCode === 0 })),
      ),
    ),
  );

/** @param live the block came while it was waited for */
export const indexedBlock = (block: LedgerBlock, seenAt: Date, live: boolean): IndexedBlock => ({
  summary: blockSummary(block),
  seenAt,
  transactions: block.transactions.map((transaction) => transactionSummary(transaction, block.number, live ? seenAt : undefined)),
  writes: writesOf(block),
});
