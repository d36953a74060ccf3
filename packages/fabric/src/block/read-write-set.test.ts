import assert from 'node:assert/strict';
import test from 'node:test';
import { ledger } from '@hyperledger/fabric-protos';
import { utf8 } from '../protobuf.ts';
import { decodeReadWriteSets } from './read-write-set.ts';

const { rwset } = ledger;
const { kvrwset } = rwset;

function version(block: number, transaction: number): ledger.rwset.kvrwset.Version {
  const message = new kvrwset.Version();
  message.setBlockNum(block);
  message.setTxNum(transaction);
  return message;
}

function read(key: string, at?: ledger.rwset.kvrwset.Version): ledger.rwset.kvrwset.KVRead {
  const message = new kvrwset.KVRead();
  message.setKey(key);
  message.setVersion(at);
  return message;
}

function results(name: string, set: ledger.rwset.kvrwset.KVRWSet, collection?: ledger.rwset.CollectionHashedReadWriteSet): Uint8Array {
  const namespace = new rwset.NsReadWriteSet();
  namespace.setNamespace(name);
  namespace.setRwset(set.serializeBinary());
  if (collection) namespace.setCollectionHashedRwsetList([collection]);
  const all = new rwset.TxReadWriteSet();
  all.setNsRwsetList([namespace]);
  return all.serializeBinary();
}

test('reads carry the version that was read, writes their value, deletions none', () => {
  const put = new kvrwset.KVWrite();
  put.setKey('\u0000note\u0000n1\u0000');
  put.setValue(new Uint8Array([0xff, 0]));
  const removed = new kvrwset.KVWrite();
  removed.setKey('𝄞');
  removed.setIsDelete(true);
  const entry = new kvrwset.KVMetadataEntry();
  entry.setName('VALIDATION_PARAMETER');
  entry.setValue(utf8('policy'));
  const metadata = new kvrwset.KVMetadataWrite();
  metadata.setKey('n1');
  metadata.setEntriesList([entry]);
  const set = new kvrwset.KVRWSet();
  set.setReadsList([read('a', version(7, 2)), read('b')]);
  set.setWritesList([put, removed]);
  set.setMetadataWritesList([metadata]);
  assert.deepEqual(decodeReadWriteSets(results('receivable', set)), [
    {
      contract: 'receivable',
      reads: [
        { key: 'a', version: { block: 7, transaction: 2 } },
        { key: 'b', version: undefined },
      ],
      rangeQueries: [],
      writes: [
        { key: '\u0000note\u0000n1\u0000', isDelete: false, value: new Uint8Array([0xff, 0]) },
        { key: '𝄞', isDelete: true, value: new Uint8Array() },
      ],
      metadataWrites: [{ key: 'n1', entries: [{ name: 'VALIDATION_PARAMETER', value: utf8('policy') }] }],
      collections: [],
    },
  ]);
});

test('a range query shows what it saw, or that only hashes tell of it', () => {
  const raw = new kvrwset.RangeQueryInfo();
  raw.setStartKey('a');
  raw.setEndKey('c');
  raw.setItrExhausted(true);
  const reads = new kvrwset.QueryReads();
  reads.setKvReadsList([read('b', version(1, 0))]);
  raw.setRawReads(reads);
  const hashed = new kvrwset.RangeQueryInfo();
  hashed.setReadsMerkleHashes(new kvrwset.QueryReadsMerkleSummary());
  const set = new kvrwset.KVRWSet();
  set.setRangeQueriesInfoList([raw, hashed]);
  assert.deepEqual(decodeReadWriteSets(results('c', set))[0]?.rangeQueries, [
    { startKey: 'a', endKey: 'c', exhausted: true, reads: [{ key: 'b', version: { block: 1, transaction: 0 } }], hashed: false },
    { startKey: '', endKey: '', exhausted: false, reads: [], hashed: true },
  ]);
});

test('of private collections there are hashes alone', () => {
  const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
  const seen = new kvrwset.KVReadHash();
  seen.setKeyHash(hash(1));
  seen.setVersion(version(3, 1));
  const purged = new kvrwset.KVWriteHash();
  purged.setKeyHash(hash(2));
  purged.setIsDelete(true);
  purged.setIsPurge(true);
  const metadata = new kvrwset.KVMetadataWriteHash();
  metadata.setKeyHash(hash(3));
  const set = new kvrwset.HashedRWSet();
  set.setHashedReadsList([seen]);
  set.setHashedWritesList([purged]);
  set.setMetadataWritesList([metadata]);
  const collection = new rwset.CollectionHashedReadWriteSet();
  collection.setCollectionName('prices');
  collection.setHashedRwset(set.serializeBinary());
  collection.setPvtRwsetHash(hash(4));
  assert.deepEqual(decodeReadWriteSets(results('c', new kvrwset.KVRWSet(), collection))[0]?.collections, [
    {
      name: 'prices',
      reads: [{ keyHash: hash(1), version: { block: 3, transaction: 1 } }],
      writes: [{ keyHash: hash(2), valueHash: new Uint8Array(), isDelete: true, isPurge: true }],
      metadataWrites: [{ keyHash: hash(3), entries: [] }],
      writesHash: hash(4),
    },
  ]);
});

test('what is no read/write set is refused', () => {
  assert.throws(() => decodeReadWriteSets(new Uint8Array([0xff])), { code: 'MALFORMED_MESSAGE', message: /TxReadWriteSet/ });
});
