import { formatName, parseCertificatePem, PkiError } from '@guildhall/pki';
import type { BlockTransaction, ContractAction, Signatory } from '@guildhall/ledger-gateway';

/** What is shown of bytes: as text when they are text, else in base64. */
export interface ShownBytes {
  value: string;
  encoding: 'text' | 'base64';
  /** Of all of them. */
  length: number;
  cut: boolean;
}

/** Of one value; a transaction may hold megabytes. */
const maxBytes = 16 * 1024;
/** Of one list in a transaction. */
export const maxItems = 1000;
const maxKey = 4096;

/** The beginning of UTF-8 text may end within a character. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function showBytes(bytes: Uint8Array): ShownBytes {
  const { length } = bytes;
  const cut = length > maxBytes;
  const start = bytes.subarray(0, maxBytes);
  for (const less of cut ? [0, 1, 2, 3] : [0]) {
    const text = textOf(start.subarray(0, start.length - less));
    if (text !== undefined) return { value: text, encoding: 'text', length, cut };
  }
  return { value: Buffer.from(start).toString('base64'), encoding: 'base64', length, cut };
}

export interface ShownIdentity {
  mspId: string;
  /** Of its certificate, as far as it can be read. */
  subject: string | null;
}

export function showIdentity({ mspId, certificate }: Signatory): ShownIdentity {
  try {
    return { mspId, subject: formatName(parseCertificatePem(certificate).subject) };
  } catch (error) {
    // Whoever submits a transaction chooses what stands there; the peers have judged it.
    if (error instanceof PkiError) return { mspId, subject: null };
    throw error;
  }
}

const showKey = (key: string): { key: string; keyLength: number } => ({ key: key.slice(0, maxKey), keyLength: key.length });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const limited = <T>(items: readonly T[]): readonly T[] => items.slice(0, maxItems);

type Sets = ContractAction['readWriteSets'];

const readsOf = (sets: Sets) =>
  sets.flatMap(({ contract, reads }) => reads.map(({ key, version }) => ({ contract, ...showKey(key), block: version?.block ?? null, position: version?.transaction ?? null })));

const rangesOf = (sets: Sets) =>
  sets.flatMap(({ contract, rangeQueries }) =>
    rangeQueries.map(({ startKey, endKey, exhausted, reads, hashed }) => ({ contract, startKey: showKey(startKey).key, endKey: showKey(endKey).key, exhausted, hashed, keys: hashed ? null : reads.length })),
  );

const metadataOf = (sets: Sets) =>
  sets.flatMap(({ contract, metadataWrites }) => metadataWrites.map(({ key, entries }) => ({ contract, ...showKey(key), names: entries.map(({ name }) => name) })));

const privateReadsOf = (sets: Sets) =>
  sets.flatMap(({ contract, collections }) =>
    collections.flatMap(({ name, reads }) => reads.map(({ keyHash, version }) => ({ contract, collection: name, keyHash: hex(keyHash), block: version?.block ?? null, position: version?.transaction ?? null }))),
  );

const privateWritesOf = (sets: Sets) =>
  sets.flatMap(({ contract, collections }) =>
    collections.flatMap(({ name, writes }) =>
      writes.map(({ keyHash, valueHash, isDelete, isPurge }) => ({ contract, collection: name, keyHash: hex(keyHash), valueHash: isDelete ? null : hex(valueHash), isDelete, isPurge })),
    ),
  );

/** Everything of a transaction that its block holds, as it is shown: nothing in it refers to the block's own bytes, which may be many. */
export type TransactionView = ReturnType<typeof viewOf>;

export function viewOf(transaction: BlockTransaction) {
  const [action] = transaction.actions;
  const sets = action?.readWriteSets ?? [];
  const writes = sets.flatMap(({ contract, writes }) => writes.map(({ key, isDelete, value }) => ({ contract, key, isDelete, value })));
  const [reads, rangeQueries, metadataWrites, privateReads, privateWrites] = [readsOf(sets), rangesOf(sets), metadataOf(sets), privateReadsOf(sets), privateWritesOf(sets)];
  const event = action?.event;
  return {
    creator: transaction.creator ? showIdentity(transaction.creator) : null,
    args: limited(action?.args.slice(1) ?? []).map(showBytes),
    response: action ? { status: action.response.status, message: showBytes(Buffer.from(action.response.message)).value, payload: showBytes(action.response.payload) } : null,
    event: event ? { name: showKey(event.name).key, payload: showBytes(event.payload) } : null,
    endorsers: limited(action?.endorsers ?? []).map(showIdentity),
    reads: limited(reads),
    rangeQueries: limited(rangeQueries),
    writes: limited(writes).map(({ key, value, isDelete, contract }) => ({ contract, ...showKey(key), isDelete, value: isDelete ? null : showBytes(value) })),
    metadataWrites: limited(metadataWrites),
    privateReads: limited(privateReads),
    privateWrites: limited(privateWrites),
    counts: { reads: reads.length, rangeQueries: rangeQueries.length, writes: writes.length, metadataWrites: metadataWrites.length, privateReads: privateReads.length, privateWrites: privateWrites.length },
  };
}

/** What a transaction wrote under a key; undefined when it wrote nothing there. */
export function valueWritten(transaction: BlockTransaction, contract: string, key: string): ShownBytes | undefined {
  const write = transaction.actions
    .flatMap(({ readWriteSets }) => readWriteSets)
    .filter((set) => set.contract === contract)
    .flatMap(({ writes }) => writes)
    .find((candidate) => candidate.key === key && !candidate.isDelete);
  return write && showBytes(write.value);
}
