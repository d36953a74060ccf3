import { decodeBlock, describeConfigurationBlock, EndorseError, FabricError, type CallOptions, type DecodedBlock, type DescribedConfiguration, type PeerQueries } from '@guildhall/fabric';
import { TransactionError } from '../errors.ts';
import { channelSettings, type ChannelSettings } from './channel-settings.ts';
import { decodeLedgerBlock, ledgerBlock, type LedgerBlock } from './ledger-block.ts';
import type { Asking, LedgerAddress, PeerReaders } from './peer-readers.ts';

/** Blocks by their place, in a member's name. Everything rejects with a TransactionError. */
export interface BlockReader {
  /** How many blocks the first peer that answers has. */
  height(address: LedgerAddress): Promise<number>;
  /** Undefined when no peer has it. */
  block(address: LedgerAddress, number: number): Promise<LedgerBlock | undefined>;
  /** The block that holds the transaction; the first one, where copies of it stand in later ones. */
  blockOfTransaction(address: LedgerAddress, transactionId: string): Promise<LedgerBlock | undefined>;
  /** A configuration block, told in words against the configuration before. Undefined when that block is none. */
  configuration(address: LedgerAddress, number: number): Promise<DescribedConfiguration | undefined>;
  /** The newest first. `before`: only those of blocks before this one. Found by what each block says of the newest configuration block at its height. */
  configurations(address: LedgerAddress, before: number | undefined, limit: number): Promise<readonly DescribedConfiguration[]>;
  /** What the channel agreed on, as its newest configuration says. */
  settings(address: LedgerAddress): Promise<ChannelSettings>;
}

type Within = <T>(work: (signal: AbortSignal, timeoutMs: number) => Promise<T>) => Promise<T>;

export function createBlockReader(readers: PeerReaders, within: Within): BlockReader {
  const ask = <T>(address: LedgerAddress, question: (asking: Asking, options: CallOptions) => Promise<T | undefined>): Promise<T | undefined> =>
    within((signal, timeoutMs) => readers.ask(address, signal, (asking) => question(asking, { signal, timeoutMs })));

  /** At one peer. Undefined when it has no block of this number. */
  const decoded = async ({ queries }: Asking, { channel }: LedgerAddress, number: number, options: CallOptions): Promise<DecodedBlock | undefined> => {
    const bytes = await blockAt(queries, channel, number, options);
    return bytes && decodeBlock(bytes);
  };

  /** The configuration block at or before a block, and what it changed. */
  const described = async (
    asking: Asking,
    address: LedgerAddress,
    number: number,
    options: CallOptions,
  ): Promise<{ configuration: DescribedConfiguration; before: number | undefined } | undefined> => {
    const block = await decoded(asking, address, number, options);
    if (block?.config === undefined) return undefined;
    if (number === 0) return { configuration: describeConfigurationBlock(block, undefined), before: undefined };
    const neighbour = await decoded(asking, address, number - 1, options);
    const former = neighbour && (neighbour.config ? neighbour : await decoded(asking, address, neighbour.lastConfigBlock, options));
    if (!former?.config) return undefined;
    return { configuration: describeConfigurationBlock(block, former.config), before: former.number };
  };

  return {
    async height(address) {
      const height = await ask(address, async ({ queries }, options) => (await queries.chainInfo(address.channel, options)).height);
      return height ?? 0;
    },
    block: (address, number) =>
      ask(address, async (asking, options) => {
        const block = await decoded(asking, address, number, options);
        return block && ledgerBlock(block);
      }),
    blockOfTransaction: (address, transactionId) =>
      ask(address, async ({ queries }, options) => {
        const bytes = await queries.blockOfTransaction(address.channel, transactionId, options);
        return bytes && decodeLedgerBlock(bytes);
      }),
    configuration: (address, number) =>
      ask(address, async (asking, options) => (await described(asking, address, number, options))?.configuration),
    async configurations(address, before, limit) {
      const found = await ask(address, async (asking, options) => {
        const top = before ?? (await asking.queries.chainInfo(address.channel, options)).height;
        const newest = top < 1 ? undefined : await decoded(asking, address, top - 1, options);
        const list: DescribedConfiguration[] = [];
        let next = newest && (newest.config ? newest.number : newest.lastConfigBlock);
        while (next !== undefined && list.length < limit) {
          const step = await described(asking, address, next, options);
          if (!step) return undefined; // A peer that was pruned, or joined from a snapshot.
          list.push(step.configuration);
          next = step.before;
        }
        return list;
      });
      if (!found) throw new TransactionError('NOT_FOUND', `No peer of channel ${address.channel} has the configuration blocks that were asked for.`);
      return found;
    },
    async settings(address) {
      const found = await ask(address, async ({ queries }, options) => channelSettings(decodeBlock(await queries.configBlock(address.channel, options))));
      if (!found) throw new TransactionError('NOT_FOUND', `No peer of channel ${address.channel} has its configuration.`);
      return found;
    },
  };
}

/** common.Block. Undefined when the peer has none of this number. */
export async function blockAt(queries: PeerQueries, channel: string, number: number, options: CallOptions): Promise<Uint8Array | undefined> {
  try {
    return await queries.block(channel, number, options);
  } catch (error) {
    // core/ledger/kvledger and blkstorage: "no such block number [7] in index", or, before that, in words of the block files.
    if (error instanceof EndorseError && /no such block number|Entry not found/i.test(error.message)) return undefined;
    if (error instanceof FabricError && error.code === 'BLOCK_NOT_FOUND') return undefined;
    throw error;
  }
}
