export { type DecodedBlock, configFromBlock, decodeBlock, verifyLink } from './block.ts';
export type { BlockTransaction, ChaincodeEvent, ContractAction, Signatory } from './transaction.ts';
export type {
  HashedCollection,
  HashedWrite,
  KeyRead,
  KeyVersion,
  KeyWrite,
  MetadataEntry,
  MetadataWrite,
  RangeQuery,
  ReadWriteSet,
} from './read-write-set.ts';
export { type ValidationVerdict, explainValidationCode } from './validation-codes.ts';
export { blockDataHash, blockHeaderHash } from './hash.ts';
