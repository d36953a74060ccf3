import { DecodeError, decodeBlock, deliverFromPeer, FabricError, type Connections, type Signer } from '@guildhall/fabric';
import { sleep, type Clock, type Logger } from '@guildhall/kubernetes';
import { TransactionError } from '../errors.ts';
import { blockAt } from './block-reader.ts';
import { decodeLedgerBlock, type LedgerBlock } from './ledger-block.ts';
import type { LedgerAddress, PeerReaders, Reader } from './peer-readers.ts';
import { whereToGoOn, type Agreement } from './position.ts';

/** The block that was read last. */
export interface LedgerPosition {
  readonly number: number;
  readonly hash: Uint8Array;
}

export interface FollowedBlock {
  readonly block: LedgerBlock;
  /** It came while it was waited for; false for what the peer had already when it was asked. */
  readonly live: boolean;
}

/** The ledger is not the one any more that was read from: what was read of it holds no longer. */
export class LedgerChangedError extends Error {
  override readonly name = 'LedgerChangedError';
}

const RETRY_MS = 500;
const ANSWER_TIMEOUT_MS = 3_000;
/** A stream may hang without breaking. When nothing comes for so long, its peer is asked whether it still answers. */
const IDLE_MS = 15_000;

export interface FollowOptions {
  readonly readers: PeerReaders;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The blocks after a position, or all of them, without a gap, for ever: when the peer's stream breaks it goes on at the next peer. Ends when the signal
 * aborts, throws LedgerChangedError when no peer has the block at the position any more, and a TransactionError when there is no such channel.
 */
export async function* followBlocks(
  options: FollowOptions,
  address: LedgerAddress,
  after: LedgerPosition | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedBlock> {
  let last = after;
  while (!signal.aborted) {
    try {
      const source = await findSource(options, address, last, signal);
      if (source)
        for await (const followed of stream(options, source, address, last, signal)) {
          last = { number: followed.block.number, hash: followed.block.hash };
          yield followed;
        }
    } catch (error) {
      if (signal.aborted) return;
      if (!mayPass(error)) throw error;
      // That a peer goes is usual; a block that cannot be read is not.
      const level = error instanceof DecodeError ? 'warn' : 'debug';
      options.logger[level]({ err: error, channel: address.channel, consortium: address.consortium }, 'a stream of blocks broke; the next peer is asked');
    }
    await sleep(options.clock, RETRY_MS, signal);
  }
}

/** What the next peer, or a later try, may do better. */
const mayPass = (error: unknown): boolean =>
  error instanceof FabricError || (error instanceof TransactionError && error.code !== 'NOT_FOUND' && error.code !== 'INVALID_ARGUMENT');

interface Source {
  readonly reader: Reader;
  /** The peer's height when it was asked. */
  readonly height: number;
  readonly signer: Signer;
}

async function findSource({ readers }: FollowOptions, address: LedgerAddress, last: LedgerPosition | undefined, signal: AbortSignal): Promise<Source | undefined> {
  const answers: Agreement[] = [];
  for (const reader of await readers.find(address)) {
    const answer = await agreement(readers, reader, address, last, signal);
    answers.push(answer.agreement);
    if (answer.source) return answer.source;
  }
  if (whereToGoOn(answers) === 'changed')
    throw new LedgerChangedError(`No peer of channel ${address.channel} of ${address.consortium} has the block ${last?.number ?? 0} that was read before.`);
  return undefined;
}

async function agreement(
  readers: PeerReaders,
  reader: Reader,
  { channel }: LedgerAddress,
  last: LedgerPosition | undefined,
  signal: AbortSignal,
): Promise<{ agreement: Agreement; source?: Source }> {
  try {
    return await readers.askOne(reader, signal, async ({ queries, signer }) => {
      const options = { signal, timeoutMs: ANSWER_TIMEOUT_MS };
      const { height } = await queries.chainInfo(channel, options);
      const same = { agreement: 'same' as const, source: { reader, height, signer } };
      if (last === undefined) return same;
      if (height <= last.number) return { agreement: 'behind' };
      const bytes = await blockAt(queries, channel, last.number, options);
      if (bytes === undefined) return { agreement: 'behind' };
      return Buffer.compare(decodeBlock(bytes).hash, last.hash) === 0 ? same : { agreement: 'other' };
    });
  } catch (error) {
    if (signal.aborted || !mayPass(error)) throw error;
    return { agreement: 'silent' };
  }
}

async function* stream(
  { readers, connections, clock }: FollowOptions,
  { reader, height, signer }: Source,
  { channel }: LedgerAddress,
  position: LedgerPosition | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedBlock> {
  const ending = new AbortController();
  let last = position;
  let idle = clock.setTimeout(() => undefined, 0);
  const watch = (): void => {
    idle.cancel();
    idle = clock.setTimeout(() => {
      readers
        .askOne(reader, ending.signal, ({ queries }) => queries.chainInfo(channel, { signal: ending.signal, timeoutMs: ANSWER_TIMEOUT_MS }))
        .then(watch, () => ending.abort());
    }, IDLE_MS);
  };
  const either = AbortSignal.any([signal, ending.signal]);
  watch();
  try {
    const range = { channel, start: position === undefined ? 0 : position.number + 1, whenMissing: 'wait' as const };
    for await (const { bytes } of deliverFromPeer(connections, reader.peer, signer, range, { signal: either })) {
      watch();
      const block = decodeLedgerBlock(bytes);
      // Another block than the one that follows: the next peer is asked what it has at this place.
      if (last && Buffer.compare(block.previousHash, last.hash) !== 0) return;
      last = { number: block.number, hash: block.hash };
      yield { block, live: block.number >= height };
    }
  } finally {
    idle.cancel();
    ending.abort();
  }
}
