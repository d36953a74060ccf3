import { linesOf, sleep, type Clock, type Logger } from '@guildhall/kubernetes';
import type { FollowedBlock, LedgerPosition } from '../blocks/follow-blocks.ts';
import type { LedgerAddress } from '../blocks/peer-readers.ts';
import { errorFromWire } from '../internal-api/wire-error.ts';
import { fromWire } from '../internal-api/wire-value.ts';

/** A block of the largest kind as a line. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const RETRY_MS = 500;

/** One stream of a gateway, open. */
export interface OpenStream extends AsyncIterable<Uint8Array> {
  destroy(): void;
}

export interface FollowRemoteOptions {
  /** @throws TransactionError when no gateway opens one */
  readonly open: (address: LedgerAddress, after: LedgerPosition | undefined, signal: AbortSignal) => Promise<OpenStream>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As `followBlocks`: a stream that breaks goes on at the next gateway after the last block. Throws a TransactionError when there is none to go on at. */
export async function* followRemote({ open, clock, logger }: FollowRemoteOptions, address: LedgerAddress, after: LedgerPosition | undefined, signal: AbortSignal): AsyncGenerator<FollowedBlock> {
  let last = after;
  while (!signal.aborted) {
    const stream = await open(address, last, signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (stream === undefined) return;
    try {
      for await (const followed of framesOf(stream)) {
        // What came with it is in memory already, and nobody wants it any more.
        if (signal.aborted) return;
        if (followed === 'goOn') break;
        last = { number: followed.block.number, hash: followed.block.hash };
        yield followed;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ToldError) throw error.told;
      logger.warn({ err: error, channel: address.channel, consortium: address.consortium }, 'a stream of a ledger gateway broke; it goes on at the next one');
    } finally {
      stream.destroy();
    }
    await sleep(clock, RETRY_MS, signal);
  }
}

/** What the gateway failed with, as against what happened to the stream. */
class ToldError extends Error {
  readonly told: Error;
  constructor(told: Error) {
    super(told.message);
    this.told = told;
  }
}

async function* framesOf(stream: OpenStream): AsyncGenerator<FollowedBlock | 'goOn'> {
  for await (const line of linesOf(stream, MAX_LINE_BYTES)) {
    const frame: unknown = JSON.parse(line);
    if (typeof frame !== 'object' || frame === null) throw new TypeError('A line of the stream is no object.');
    if ('block' in frame) yield fromWire(frame.block) as FollowedBlock;
    else if ('goOn' in frame) yield 'goOn';
    else if ('error' in frame) throw new ToldError(errorFromWire(frame.error) ?? new TypeError('A line of the stream tells an error that is not known.'));
    else throw new TypeError('A line of the stream is no frame.');
  }
  throw new Error('the stream ended without saying why');
}
