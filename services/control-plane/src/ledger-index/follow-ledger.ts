import { LedgerChangedError, type LedgerBlocks, TransactionError } from '@guildhall/ledger-gateway';
import type { Logger } from 'pino';
import { createOutageLog, isAway, pause, retryMs, type OutageLog } from '../availability.ts';
import { batches } from '../batches.ts';
import type { Database } from '../database/database.ts';
import { indexedBlock, type IndexedBlock } from './index-rows.ts';
import { abandonLedger, appendBlocks, openLedger } from './index-writer.ts';

export interface IndexedChannel {
  consortium: string;
  channel: string;
  uid: string;
}

export interface FollowDependencies {
  db: Database;
  blocks: Pick<LedgerBlocks, 'follow'>;
  now: () => Date;
  logger: Logger;
}

/** Rows of a batch: of transactions, and of blocks that hold none. */
const batchSize = 1000;
const sizeOf = (block: IndexedBlock): number => 1 + block.transactions.length + block.writes.length;

/** Writes blocks as they come, until the stream ends or they do not go on from where the index stands. */
async function followOnce({ db, blocks, now, logger }: FollowDependencies, channel: IndexedChannel, outage: OutageLog, signal: AbortSignal): Promise<void> {
  const ledger = await openLedger(db, channel.uid);
  const after = ledger.lastHash === null ? undefined : { number: ledger.nextBlock - 1, hash: ledger.lastHash };
  const ending = new AbortController();
  const stream = blocks.follow(channel, after, AbortSignal.any([signal, ending.signal]));
  async function* rows(): AsyncGenerator<IndexedBlock> {
    for await (const { block, live } of stream) yield indexedBlock(block, now(), live);
  }
  try {
    for await (const batch of batches(rows(), batchSize, sizeOf)) {
      // The stream is ended first: it may be waiting for a block, and would not end by itself.
      const goesOn = await appendBlocks(db, ledger.id, batch).catch((error: unknown) => {
        ending.abort();
        throw error;
      });
      outage.worked();
      if (!goesOn) ending.abort();
      if (ending.signal.aborted) break;
    }
  } catch (error) {
    if (!(error instanceof LedgerChangedError)) throw error;
    logger.warn({ ...channel, err: error }, 'the ledger is not the one any more that was indexed; its index is made anew');
    await abandonLedger(db, ledger.id);
  } finally {
    ending.abort();
  }
}

/** Keeps the index of one channel equal to its ledger, until the signal; never rejects. */
export async function followLedger(dependencies: FollowDependencies, channel: IndexedChannel, signal: AbortSignal): Promise<void> {
  const { logger } = dependencies;
  const outage = createOutageLog(logger.child({ consortium: channel.consortium, channel: channel.channel }), 'following the ledger');
  while (!signal.aborted) {
    try {
      await followOnce(dependencies, channel, outage, signal);
    } catch (error) {
      if (signal.aborted) return;
      // The channel may just be going; whether it is, the view of the cluster will say.
      if (isAway(error) || error instanceof TransactionError) outage.failed(error);
      else logger.error({ ...channel, err: error }, 'the ledger cannot be indexed; trying again');
    }
    await pause(retryMs, signal);
  }
}
