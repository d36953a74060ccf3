import { decodeBlock, type BlockTransaction, type DecodedBlock } from '@guildhall/fabric';

/** A block as a peer committed it, decoded, its hash checked. */
export interface LedgerBlock extends Pick<DecodedBlock, 'number' | 'hash' | 'previousHash' | 'dataHash' | 'lastConfigBlock'> {
  readonly transactions: readonly BlockTransaction[];
  /** It holds the channel's configuration and nothing else. */
  readonly isConfiguration: boolean;
}

export const ledgerBlock = (block: DecodedBlock): LedgerBlock => ({
  number: block.number,
  hash: block.hash,
  previousHash: block.previousHash,
  dataHash: block.dataHash,
  lastConfigBlock: block.lastConfigBlock,
  transactions: block.transactions,
  isConfiguration: block.config !== undefined,
});

export const decodeLedgerBlock = (bytes: Uint8Array): LedgerBlock => ledgerBlock(decodeBlock(bytes));
