import { ledger } from '@hyperledger/fabric-protos';
import { decode } from '../protobuf.ts';

const { rwset } = ledger;

/** Where a value was written last, as the endorsers read it: this is what the committing peers compare (MVCC). */
export interface KeyVersion {
  readonly block: number;
  readonly transaction: number;
}

export interface KeyRead {
  readonly key: string;
  /** Undefined: the key had no value. */
  readonly version: KeyVersion | undefined;
}

export interface KeyWrite {
  readonly key: string;
  readonly isDelete: boolean;
  /** Empty when it is deleted. */
  readonly value: Uint8Array;
}

/** What a range query saw: each key, or, where there were too many, hashes over them alone. */
export interface RangeQuery {
  readonly startKey: string;
  /** Not itself in the range. */
  readonly endKey: string;
  /** Whether the contract read to the end; else only up to the last of what it read. */
  readonly exhausted: boolean;
  readonly reads: readonly KeyRead[];
  readonly hashed: boolean;
}

export interface MetadataEntry {
  readonly name: string;
  readonly value: Uint8Array;
}

/** What is said of a key beside its value, such as an endorsement policy of its own (VALIDATION_PARAMETER). */
export interface MetadataWrite {
  readonly key: string;
  readonly entries: readonly MetadataEntry[];
}

/** A private collection as the ledger shows it to everybody: SHA-256 of keys and values; the members of the collection have the rest. */
export interface HashedCollection {
  readonly name: string;
  readonly reads: readonly { readonly keyHash: Uint8Array; readonly version: KeyVersion | undefined }[];
  readonly writes: readonly HashedWrite[];
  readonly metadataWrites: readonly { readonly keyHash: Uint8Array; readonly entries: readonly MetadataEntry[] }[];
  /** Of the collection's private writes as a whole. */
  readonly writesHash: Uint8Array;
}

export interface HashedWrite {
  readonly keyHash: Uint8Array;
  /** Empty when it is deleted. */
  readonly valueHash: Uint8Array;
  readonly isDelete: boolean;
  /** It is deleted together with its history. */
  readonly isPurge: boolean;
}

/** What a transaction reads and writes in the namespace of one contract. */
export interface ReadWriteSet {
  readonly contract: string;
  readonly reads: readonly KeyRead[];
  readonly rangeQueries: readonly RangeQuery[];
  readonly writes: readonly KeyWrite[];
  readonly metadataWrites: readonly MetadataWrite[];
  readonly collections: readonly HashedCollection[];
}

/** The read/write sets in the results of an endorsed call (ledger/rwset TxReadWriteSet), one for each contract that it touches. */
export const decodeReadWriteSets = (results: Uint8Array): readonly ReadWriteSet[] =>
  decode(rwset.TxReadWriteSet, results, 'TxReadWriteSet').getNsRwsetList().map(decodeNamespace);

function decodeNamespace(namespace: ledger.rwset.NsReadWriteSet): ReadWriteSet {
  const set = decode(rwset.kvrwset.KVRWSet, namespace.getRwset_asU8(), 'KVRWSet');
  return {
    contract: namespace.getNamespace(),
    reads: set.getReadsList().map(decodeRead),
    rangeQueries: set.getRangeQueriesInfoList().map(decodeRangeQuery),
    writes: set
      .getWritesList()
      .map((write) => ({ key: write.getKey(), isDelete: write.getIsDelete(), value: write.getValue_asU8() })),
    metadataWrites: set.getMetadataWritesList().map((write) => ({ key: write.getKey(), entries: entriesOf(write) })),
    collections: namespace.getCollectionHashedRwsetList().map(decodeCollection),
  };
}

const decodeRead = (read: ledger.rwset.kvrwset.KVRead): KeyRead => ({ key: read.getKey(), version: versionOf(read) });

function decodeRangeQuery(query: ledger.rwset.kvrwset.RangeQueryInfo): RangeQuery {
  return {
    startKey: query.getStartKey(),
    endKey: query.getEndKey(),
    exhausted: query.getItrExhausted(),
    reads: (query.getRawReads()?.getKvReadsList() ?? []).map(decodeRead),
    hashed: query.hasReadsMerkleHashes(),
  };
}

function decodeCollection(collection: ledger.rwset.CollectionHashedReadWriteSet): HashedCollection {
  const set = decode(rwset.kvrwset.HashedRWSet, collection.getHashedRwset_asU8(), 'HashedRWSet');
  return {
    name: collection.getCollectionName(),
    reads: set.getHashedReadsList().map((read) => ({ keyHash: read.getKeyHash_asU8(), version: versionOf(read) })),
    writes: set.getHashedWritesList().map((write) => ({
      keyHash: write.getKeyHash_asU8(),
      valueHash: write.getValueHash_asU8(),
      isDelete: write.getIsDelete(),
      isPurge: write.getIsPurge(),
    })),
    metadataWrites: set.getMetadataWritesList().map((write) => ({ keyHash: write.getKeyHash_asU8(), entries: entriesOf(write) })),
    writesHash: collection.getPvtRwsetHash_asU8(),
  };
}

const versionOf = (read: { getVersion(): ledger.rwset.kvrwset.Version | undefined }): KeyVersion | undefined => {
  const version = read.getVersion();
  return version && { block: version.getBlockNum(), transaction: version.getTxNum() };
};

const entriesOf = (write: { getEntriesList(): ledger.rwset.kvrwset.KVMetadataEntry[] }): readonly MetadataEntry[] =>
  write.getEntriesList().map((entry) => ({ name: entry.getName(), value: entry.getValue_asU8() }));
