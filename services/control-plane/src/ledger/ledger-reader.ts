import type { LedgerAddress, LedgerBlocks } from '@guildhall/ledger-gateway';
import { toProblem } from './gateway-ledger.ts';

/** Reading blocks, as the API needs it; what fails is told as the API tells it. */
export type LedgerReader = Omit<LedgerBlocks, 'follow'>;

export function createLedgerReader(blocks: LedgerReader): LedgerReader {
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw toProblem(error);
    }
  };
  return {
    height: (address) => told(blocks.height(address)),
    block: (address, number) => told(blocks.block(address, number)),
    blockOfTransaction: (address, id) => told(blocks.blockOfTransaction(address, id)),
    configuration: (address, number) => told(blocks.configuration(address, number)),
    configurations: (address, before, limit) => told(blocks.configurations(address, before, limit)),
    settings: (address) => told(blocks.settings(address)),
  };
}

/** A channel of the API, which stays the same one as long as its request lasts. */
export type LedgerRef = Required<Pick<LedgerAddress, 'consortium' | 'channel' | 'uid'>>;
