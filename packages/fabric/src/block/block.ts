import { common } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { decode, required, sameBytes } from '../protobuf.ts';
import { blockDataHash, blockHeaderHash } from './hash.ts';
import { type BlockTransaction, decodeBlockTransaction } from './transaction.ts';

export interface DecodedBlock {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly channel: string;
  /** The number of the newest configuration block at this height. */
  readonly lastConfigBlock: number;
  /** The channel's configuration when this block holds one. */
  readonly config: common.Config | undefined;
  /** The signed update (CONFIG_UPDATE) that led to this configuration; the first one has none. */
  readonly configUpdate: common.Envelope | undefined;
  readonly transactions: readonly BlockTransaction[];
}

/** Decodes a block and checks that its transactions are those that its header names. Throws INVALID_BLOCK when they are not. */
export function decodeBlock(source: Uint8Array | common.Block): DecodedBlock {
  const block = source instanceof Uint8Array ? decode(common.Block, source, 'Block') : source;
  const header = required(block.getHeader(), 'block header');
  const data = required(block.getData(), 'block data');
  const number = header.getNumber();
  const previousHash = header.getPreviousHash_asU8();
  const dataHash = header.getDataHash_asU8();
  const invalid = (problem: string): DecodeError => new DecodeError('INVALID_BLOCK', problem);
  if (!Number.isSafeInteger(number)) throw invalid(`No channel has as many blocks as the number of this one says (${number}).`);
  if (![0, HASH_BYTES].includes(previousHash.length)) throw invalid(`Block ${number} names its predecessor by something that is no hash.`);
  if (!sameBytes(blockDataHash(data), dataHash)) throw invalid(`The transactions of block ${number} do not match its header.`);
  const lastConfigBlock = lastConfigOf(block);
  if (lastConfigBlock > number) throw invalid(`Block ${number} names block ${lastConfigBlock} as its newest configuration.`);

  const envelopes = data.getDataList_asU8();
  const codes = metadataAt(block, common.BlockMetadataIndex.TRANSACTIONS_FILTER);
  const transactions = envelopes.map((bytes, index) => decodeBlockTransaction(bytes, index, codes[index] ?? NO_VERDICT));
  const held = configurationIn(envelopes, transactions);
  return {
    number,
    hash: blockHeaderHash(header),
    previousHash,
    dataHash,
    channel: transactions[0]?.channel ?? '',
    lastConfigBlock,
    config: held && required(held.getConfig(), 'configuration'),
    configUpdate: held?.getLastUpdate(),
    transactions,
  };
}

/** SHA-256; the first block has no predecessor. */
const HASH_BYTES = 32;

/** TxValidationCode NOT_VALIDATED: a block from an orderer carries no verdicts. */
const NO_VERDICT = 254;

/** Throws unless `next` follows `previous` in the chain. */
export function verifyLink(previous: DecodedBlock, next: DecodedBlock): void {
  if (next.number !== previous.number + 1 || !sameBytes(next.previousHash, previous.hash)) {
    throw new DecodeError('INVALID_BLOCK', `Block ${next.number} does not follow block ${previous.number} of ${previous.channel}.`, {
      channel: previous.channel,
    });
  }
}

/** The configuration in a configuration block; throws for any other block. */
export function configFromBlock(source: Uint8Array | common.Block | DecodedBlock): common.Config {
  const { config, number } = 'transactions' in source ? source : decodeBlock(source);
  if (config === undefined) throw new DecodeError('MALFORMED_MESSAGE', `Block ${number} holds no configuration.`);
  return config;
}

/** A configuration stands alone in its block. */
function configurationIn(envelopes: readonly Uint8Array[], transactions: readonly BlockTransaction[]): common.ConfigEnvelope | undefined {
  const [only] = envelopes;
  if (only === undefined || transactions.length > 1 || transactions[0]?.type !== 'configuration') return undefined;
  const payload = decode(common.Payload, decode(common.Envelope, only, 'Envelope').getPayload_asU8(), 'Payload');
  return decode(common.ConfigEnvelope, payload.getData_asU8(), 'ConfigEnvelope');
}

/** protoutil.GetLastConfigIndexFromBlock: in the signed metadata, before Fabric 1.4.1 in its own place. */
function lastConfigOf(block: common.Block): number {
  const signed = decode(common.Metadata, metadataAt(block, common.BlockMetadataIndex.SIGNATURES), 'Metadata').getValue_asU8();
  if (signed.length > 0) return decode(common.OrdererBlockMetadata, signed, 'OrdererBlockMetadata').getLastConfig()?.getIndex() ?? 0;
  const own = decode(common.Metadata, metadataAt(block, common.BlockMetadataIndex.LAST_CONFIG), 'Metadata').getValue_asU8();
  return decode(common.LastConfig, own, 'LastConfig').getIndex();
}

const metadataAt = (block: common.Block, index: number): Uint8Array =>
  block.getMetadata()?.getMetadataList_asU8()[index] ?? new Uint8Array();
