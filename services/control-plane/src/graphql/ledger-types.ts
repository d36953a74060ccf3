import type { DescribedConfiguration } from '@guildhall/ledger-gateway';
import { explainValidationCode } from '@guildhall/ledger-gateway';
import type { BlockSummary, TransactionSummary } from '../ledger-index/index-rows.ts';
import { indexOf, isPlaceCursor, listTransactions, placeCursor } from '../ledger-index/index-queries.ts';
import type { LedgerRef } from '../ledger/ledger-reader.ts';
import { showIdentity, type ShownBytes, type ShownIdentity, type TransactionView } from '../ledger/transaction-view.ts';
import { ApiProblem } from '../errors.ts';
import { builder } from './builder.ts';
import type { RequestContext } from './context.ts';
import { page } from './paging.ts';

/** A block, and whose ledger it is of. */
export interface BlockOf {
  ref: LedgerRef;
  summary: BlockSummary;
  /** Of a block that the index does not have yet. */
  transactions?: readonly TransactionSummary[];
}

export interface TransactionOf {
  ref: LedgerRef;
  summary: TransactionSummary;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const bytesType = builder.objectRef<ShownBytes>('LedgerBytes').implement({
  authScopes: { admin: true },
  description: 'Bytes of the ledger: the text that they are, or base64 where they are no text. Beyond 16 KiB only the beginning is shown.',
  fields: (t) => ({
    value: t.exposeString('value'),
    isText: t.boolean({ description: 'Whether value is the text itself; else it is base64.', resolve: ({ encoding }) => encoding === 'text' }),
    length: t.exposeInt('length', { description: 'How many bytes there are in all.' }),
    cut: t.exposeBoolean('cut', { description: 'Whether only the beginning is shown.' }),
  }),
});

const identityType = builder.objectRef<ShownIdentity>('LedgerIdentity').implement({
  authScopes: { admin: true },
  description: 'Who signed something on a ledger.',
  fields: (t) => ({
    mspId: t.exposeString('mspId'),
    subject: t.exposeString('subject', { nullable: true, description: 'Of its certificate; null when that cannot be read.' }),
  }),
});

const validationType = builder.objectRef<{ code: number }>('Validation').implement({
  authScopes: { admin: true },
  description: 'The verdict of the peers on a transaction; the same at each of them.',
  fields: (t) => ({
    code: t.exposeInt('code'),
    name: t.string({ resolve: ({ code }) => explainValidationCode(code).name }),
    meaning: t.string({ resolve: ({ code }) => explainValidationCode(code).meaning }),
    nextAction: t.string({ resolve: ({ code }) => explainValidationCode(code).nextAction }),
    valid: t.boolean({ resolve: ({ code }) => code === 0 }),
  }),
});

const responseType = builder.objectRef<NonNullable<TransactionView['response']>>('ContractResponse').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    status: t.exposeInt('status'),
    message: t.exposeString('message'),
    payload: t.field({ type: bytesType, resolve: ({ payload }) => payload }),
  }),
});

const eventType = builder.objectRef<NonNullable<TransactionView['event']>>('TransactionEvent').implement({
  authScopes: { admin: true },
  description: 'What a contract told of its transaction. It counts only where the transaction is valid.',
  fields: (t) => ({ name: t.exposeString('name'), payload: t.field({ type: bytesType, resolve: ({ payload }) => payload }) }),
});

const described = {
  keyLength: 'Of the whole key; of a longer one than 4096 characters only the beginning is shown.',
  version: 'of the transaction that wrote the value that was read; null: there was none.',
};

const readType = builder.objectRef<TransactionView['reads'][number]>('KeyRead').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    contract: t.exposeString('contract'),
    key: t.exposeString('key'),
    keyLength: t.exposeInt('keyLength', { description: described.keyLength }),
    block: t.exposeInt('block', { nullable: true, description: `The block ${described.version}` }),
    position: t.exposeInt('position', { nullable: true, description: `The index within its block ${described.version}` }),
  }),
});
const rangeType = builder.objectRef<TransactionView['rangeQueries'][number]>('RangeRead').implement({
  authScopes: { admin: true },
  description: 'A search over keys, in outline.',
  fields: (t) => ({
    contract: t.exposeString('contract'),
    startKey: t.exposeString('startKey'),
    endKey: t.exposeString('endKey', { description: 'Not itself in the range.' }),
    exhausted: t.exposeBoolean('exhausted', { description: 'Whether the contract read to the end.' }),
    keys: t.exposeInt('keys', { nullable: true, description: 'How many it found; null when the transaction holds only hashes of them.' }),
  }),
});
const writeType = builder.objectRef<TransactionView['writes'][number]>('KeyWrite').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    contract: t.exposeString('contract'),
    key: t.exposeString('key'),
    keyLength: t.exposeInt('keyLength', { description: described.keyLength }),
    isDelete: t.exposeBoolean('isDelete'),
    value: t.field({ type: bytesType, nullable: true, description: 'Null when it is deleted.', resolve: ({ value }) => value }),
  }),
});
const metadataType = builder.objectRef<TransactionView['metadataWrites'][number]>('KeyMetadataWrite').implement({
  authScopes: { admin: true },
  description: 'What is set for a key beside its value.',
  fields: (t) => ({
    contract: t.exposeString('contract'),
    key: t.exposeString('key'),
    keyLength: t.exposeInt('keyLength', { description: described.keyLength }),
    names: t.stringList({ description: 'VALIDATION_PARAMETER is an endorsement policy of the key’s own.', resolve: ({ names }) => names }),
  }),
});
const privateReadType = builder.objectRef<TransactionView['privateReads'][number]>('PrivateRead').implement({
  authScopes: { admin: true },
  description: 'A read of a private collection. The ledger holds the hash of the key alone.',
  fields: (t) => ({
    contract: t.exposeString('contract'),
    collection: t.exposeString('collection'),
    keyHash: t.exposeString('keyHash', { description: 'SHA-256, in hexadecimal.' }),
    block: t.exposeInt('block', { nullable: true, description: `The block ${described.version}` }),
    position: t.exposeInt('position', { nullable: true, description: `The index within its block ${described.version}` }),
  }),
});
const privateWriteType = builder.objectRef<TransactionView['privateWrites'][number]>('PrivateWrite').implement({
  authScopes: { admin: true },
  description: 'A write to a private collection. The ledger holds the hashes of key and value alone; the members of the collection have the rest.',
  fields: (t) => ({
    contract: t.exposeString('contract'),
    collection: t.exposeString('collection'),
    keyHash: t.exposeString('keyHash', { description: 'SHA-256, in hexadecimal.' }),
    valueHash: t.exposeString('valueHash', { nullable: true, description: 'SHA-256, in hexadecimal; null when it is deleted.' }),
    isDelete: t.exposeBoolean('isDelete'),
    isPurge: t.exposeBoolean('isPurge', { description: 'Deleted together with its history.' }),
  }),
});
const countsType = builder.objectRef<TransactionView['counts']>('ReadWriteCounts').implement({
  authScopes: { admin: true },
  description: 'How long the lists of a transaction are. At most the first 1000 of each can be seen.',
  fields: (t) => ({
    reads: t.exposeInt('reads'),
    rangeQueries: t.exposeInt('rangeQueries'),
    writes: t.exposeInt('writes'),
    metadataWrites: t.exposeInt('metadataWrites'),
    privateReads: t.exposeInt('privateReads'),
    privateWrites: t.exposeInt('privateWrites'),
  }),
});

const viewed = (context: RequestContext, { ref, summary }: TransactionOf): Promise<TransactionView> =>
  context.loaders.transactions.load({ ref, block: summary.block, position: summary.position });

const maxListed = 1000;
function listed<T>(items: readonly T[], first: number | null | undefined): readonly T[] {
  const size = first ?? 50;
  if (size < 0 || size > maxListed) throw new ApiProblem({ code: 'INVALID_INPUT', path: 'first', message: `first: must be between 0 and ${maxListed}`, nextAction: 'ask for fewer' });
  return items.slice(0, size);
}

export const transactionType = builder.objectRef<TransactionOf>('LedgerTransaction');
transactionType.implement({
  authScopes: { admin: true },
  description: 'A transaction as it stands on the ledger.',
  fields: (t) => {
    const first = { first: t.arg.int({ defaultValue: 50 }) };
    return {
      id: t.string({ description: 'Empty for a change of the configuration.', resolve: ({ summary }) => summary.transactionId }),
      blockNumber: t.int({ resolve: ({ summary }) => summary.block }),
      index: t.int({ description: 'Its place in the block, from 0.', resolve: ({ summary }) => summary.position }),
      type: t.string({ description: 'contract, configuration or other.', resolve: ({ summary }) => summary.type }),
      at: t.field({ type: 'DateTime', nullable: true, description: 'As its client gave it; null when that is no time.', resolve: ({ summary }) => summary.at }),
      commitLatencyMs: t.int({
        nullable: true,
        description: 'From the time that its client gave to when Guildhall saw it committed. Null for what Guildhall did not watch being committed, and where the clocks differ.',
        resolve: ({ summary }) => summary.latencyMs,
      }),
      creator: t.field({ type: identityType, nullable: true, description: 'Null in the first block.', resolve: async (source, _, context) => (await viewed(context, source)).creator }),
      validation: t.field({ type: validationType, resolve: ({ summary }) => ({ code: summary.validationCode }) }),
      contract: t.string({ nullable: true, description: 'The contract that is called.', resolve: ({ summary }) => summary.contract }),
      function: t.string({ nullable: true, resolve: ({ summary }) => summary.function }),
      args: t.field({ type: [bytesType], description: 'Without the function.', args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).args, first) }),
      response: t.field({ type: responseType, nullable: true, description: 'What the endorsers’ contract answered.', resolve: async (source, _, context) => (await viewed(context, source)).response }),
      event: t.field({ type: eventType, nullable: true, resolve: async (source, _, context) => (await viewed(context, source)).event }),
      endorsers: t.field({ type: [identityType], resolve: async (source, _, context) => (await viewed(context, source)).endorsers }),
      reads: t.field({ type: [readType], args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).reads, first) }),
      rangeReads: t.field({ type: [rangeType], args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).rangeQueries, first) }),
      writes: t.field({ type: [writeType], description: 'They took effect only where the transaction is valid.', args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).writes, first) }),
      metadataWrites: t.field({ type: [metadataType], args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).metadataWrites, first) }),
      privateReads: t.field({ type: [privateReadType], args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).privateReads, first) }),
      privateWrites: t.field({ type: [privateWriteType], args: first, resolve: async (source, { first }, context) => listed((await viewed(context, source)).privateWrites, first) }),
      counts: t.field({ type: countsType, resolve: async (source, _, context) => (await viewed(context, source)).counts }),
    };
  },
});

const configChangeType = builder.objectRef<DescribedConfiguration['changes'][number]>('ConfigChange').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    path: t.exposeString('path', { description: 'As in /Channel/Orderer/BatchTimeout.' }),
    kind: t.exposeString('kind', { description: 'added, removed or changed.' }),
    words: t.exposeString('words'),
    governedBy: t.exposeString('governedBy', { description: 'The policy whose signatures it needed, by its path.' }),
  }),
});

export const configUpdateType = builder.objectRef<DescribedConfiguration>('ConfigUpdate').implement({
  authScopes: { admin: true },
  description: 'What a configuration block changed, against the configuration before.',
  fields: (t) => ({
    sequence: t.exposeInt('sequence', { description: '0 in the first block; each change adds one.' }),
    blockNumber: t.exposeInt('blockNumber'),
    changes: t.field({ type: [configChangeType], description: 'Empty in the first block.', resolve: ({ changes }) => changes }),
    signers: t.field({ type: [identityType], description: 'Who signed the change; nobody signs the first block.', resolve: ({ signers }) => signers.map(showIdentity) }),
    words: t.stringList({ description: 'Sentences for people; of the first block they say what it fixes.', resolve: ({ words }) => words }),
  }),
});

export const blockType = builder.objectRef<BlockOf>('Block');
blockType.implement({
  authScopes: { admin: true },
  description: 'A block of a channel’s ledger.',
  fields: (t) => ({
    number: t.int({ resolve: ({ summary }) => summary.number }),
    hash: t.string({ description: 'SHA-256 of its header, in hexadecimal.', resolve: ({ summary }) => hex(summary.hash) }),
    previousHash: t.string({ description: 'Empty in the first block.', resolve: ({ summary }) => hex(summary.previousHash) }),
    dataHash: t.string({ resolve: ({ summary }) => hex(summary.dataHash) }),
    at: t.field({ type: 'DateTime', nullable: true, description: 'The newest time among its transactions, as their clients gave it: a block has none of its own.', resolve: ({ summary }) => summary.at }),
    transactionCount: t.int({ resolve: ({ summary }) => summary.transactionCount }),
    validCount: t.int({ resolve: ({ summary }) => summary.validCount }),
    transactions: t.connection({
      type: transactionType,
      description: 'The last one first.',
      resolve: ({ ref, summary, transactions }, args, { services }) =>
        page<TransactionOf>(args, { cursorOf: (each) => placeCursor(each.summary), isCursor: isPlaceCursor }, async (query) => {
          const index = transactions ? undefined : await indexOf(services.db, ref.uid);
          const found = transactions ? pageOf(transactions, query) : index ? await listTransactions(services.db, index.id, { block: summary.number }, query) : [];
          return found.map((each) => ({ ref, summary: each }));
        }),
    }),
    configUpdate: t.field({
      type: configUpdateType,
      nullable: true,
      description: 'Null for a block of transactions.',
      resolve: async ({ ref, summary }, _, { services }) => (summary.isConfiguration ? ((await services.ledgerReader.configuration(ref, summary.number)) ?? null) : null),
    }),
  }),
});

/** A page of what is in memory, in the order of listTransactions. */
function pageOf(transactions: readonly TransactionSummary[], { after, before, backwards, limit }: Parameters<Parameters<typeof page>[2]>[0]): TransactionSummary[] {
  const position = (cursor: string): number => Number(cursor.split('-')[1]);
  const within = transactions.filter((each) => (after === undefined || each.position < position(after)) && (before === undefined || each.position > position(before)));
  return (backwards ? within : within.toReversed()).slice(0, limit);
}
