import type { Connections } from '@guildhall/fabric';
import type { Clock, Logger } from '@guildhall/kubernetes';
import { explain } from '../explain.ts';
import type { CallLimits } from '../limits.ts';
import { createBlockReader, type BlockReader } from './block-reader.ts';
import { followBlocks, type FollowedBlock, type LedgerPosition } from './follow-blocks.ts';
import type { LedgerAddress, PeerReaders } from './peer-readers.ts';

export const READ_DEADLINE_MS = 15_000;

/** The ledgers of channels, whatever contracts they have, read as members' clients. */
export interface LedgerBlocks extends BlockReader {
  /** All blocks after a position, or from the first one on; see `followBlocks`. */
  follow(address: LedgerAddress, after: LedgerPosition | undefined, signal: AbortSignal): AsyncGenerator<FollowedBlock>;
}

export interface LedgerBlocksOptions {
  readonly readers: PeerReaders;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly callLimits: CallLimits;
}

export function createLedgerBlocks(options: LedgerBlocksOptions): LedgerBlocks & { withSignal(signal: AbortSignal): LedgerBlocks; close(): void } {
  const { readers, callLimits } = options;
  const closing = new AbortController();
  const blocksUntil = (caller: AbortSignal | undefined): LedgerBlocks => ({
    ...createBlockReader(readers, (work) =>
      callLimits
        .counted(() => callLimits.within({ deadlineMs: READ_DEADLINE_MS }, ({ signal, peerTimeoutMs }) => work(signal, peerTimeoutMs), caller))
        .catch((error: unknown) => {
          throw explain(error);
        }),
    ),
    follow: (address, after, signal) => followBlocks(options, address, after, AbortSignal.any([signal, closing.signal, ...(caller ? [caller] : [])])),
  });
  return { ...blocksUntil(undefined), withSignal: blocksUntil, close: () => closing.abort() };
}
