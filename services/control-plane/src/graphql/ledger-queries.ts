import { findBlock, findTransaction, indexOf, isPlaceCursor, listKeyChanges, placeCursor, type KeyChange } from '../ledger-index/index-queries.ts';
import { blockSummary, transactionSummary, type TransactionSummary } from '../ledger-index/index-rows.ts';
import { transactionsAt } from '../ledger/transactions-at.ts';
import type { LedgerRef } from '../ledger/ledger-reader.ts';
import { valueWritten, type ShownBytes } from '../ledger/transaction-view.ts';
import { ApiProblem, notFound } from '../errors.ts';
import { builder } from './builder.ts';
import { checkKey } from './channel-ledger.ts';
import type { RequestContext } from './context.ts';
import { blockType, bytesType, transactionType, type BlockOf, type TransactionOf } from './ledger-types.ts';
import { ledgerBy } from './ledger-refs.ts';
import { page } from './paging.ts';

async function blockBy({ services }: RequestContext, ref: LedgerRef, number: number): Promise<BlockOf> {
  if (number < 0) throw notFound('block', 'number');
  const index = await indexOf(services.db, ref.uid);
  const known = index && (await findBlock(services.db, index.id, number));
  if (known) return { ref, summary: known };
  const block = await services.ledgerReader.block(ref, number);
  if (!block) throw notFound('block', 'number');
  return { ref, summary: blockSummary(block), transactions: block.transactions.map((each) => transactionSummary(each, block.number)) };
}

const transactionId = /^[0-9a-f]{64}$/;

async function transactionBy({ services }: RequestContext, ref: LedgerRef, id: string): Promise<TransactionOf> {
  if (!transactionId.test(id)) {
    throw new ApiProblem({ code: 'INVALID_INPUT', path: 'id', message: 'id: a transaction’s id has 64 hexadecimal digits, in lower case', nextAction: 'send the id as submitTransaction or a list of transactions gave it' });
  }
  const index = await indexOf(services.db, ref.uid);
  const known = index && (await findTransaction(services.db, index.id, id));
  if (known) return { ref, summary: known };
  const block = await services.ledgerReader.blockOfTransaction(ref, id);
  const found = block?.transactions.find((each) => each.transactionId === id);
  if (!block || !found) throw notFound('transaction', 'id');
  return { ref, summary: transactionSummary(found, block.number) };
}

interface KeyVersionOf {
  place: KeyChange;
  summary: TransactionSummary;
  value: ShownBytes | undefined;
}

const keyVersionType = builder.objectRef<KeyVersionOf>('KeyVersion').implement({
  authScopes: { admin: true },
  description: 'What a key became by one transaction.',
  fields: (t) => ({
    transactionId: t.string({ resolve: ({ summary }) => summary.transactionId }),
    blockNumber: t.int({ resolve: ({ summary }) => summary.block }),
    index: t.int({ resolve: ({ summary }) => summary.position }),
    at: t.field({ type: 'DateTime', nullable: true, description: 'As the transaction’s client gave it.', resolve: ({ summary }) => summary.at }),
    contract: t.string({ nullable: true, description: 'The contract that was called; it may have called the one whose key it is.', resolve: ({ summary }) => summary.contract }),
    function: t.string({ nullable: true, resolve: ({ summary }) => summary.function }),
    isDelete: t.boolean({ resolve: ({ place }) => place.isDelete }),
    value: t.field({ type: bytesType, nullable: true, description: 'Null when it was deleted.', resolve: ({ value }) => value ?? null }),
  }),
});
const keyHistoryType = builder.connectionObject({ type: keyVersionType, name: 'KeyHistory' }, { name: 'KeyHistoryEdge' });

async function keyVersions({ services }: RequestContext, ref: LedgerRef, contract: string, key: string, query: Parameters<typeof listKeyChanges>[4]): Promise<KeyVersionOf[]> {
  const index = await indexOf(services.db, ref.uid);
  const places = index ? await listKeyChanges(services.db, index.id, contract, key, query) : [];
  const versions = await transactionsAt(services.ledgerReader, ref, places, (transaction, place) => ({
    place, summary: transactionSummary(transaction, place.block), value: valueWritten(transaction, contract, key),
  }));
  return versions.filter((version) => version !== undefined);
}

const described = { consortium: 'The name of the consortium.', channel: 'The name of the channel.' };

builder.queryFields((t) => {
  const channel = () => ({
    consortium: t.arg.string({ required: true, description: described.consortium }),
    channel: t.arg.string({ required: true, description: described.channel }),
  });
  return {
    block: t.field({
      type: blockType,
      description: 'A block by its number; the first one has 0.',
      args: { ...channel(), number: t.arg.int({ required: true }) },
      resolve: async (_, { consortium, channel, number }, context) => blockBy(context, await ledgerBy(context, consortium, channel), number),
    }),
    transaction: t.field({
      type: transactionType,
      description: 'A transaction by its id.',
      args: { ...channel(), id: t.arg.string({ required: true }) },
      resolve: async (_, { consortium, channel, id }, context) => transactionBy(context, await ledgerBy(context, consortium, channel), id),
    }),
    keyHistory: t.field({
      type: keyHistoryType,
      description: 'What a key of a contract became, newest first: the valid transactions that wrote it.',
      args: { ...channel(), contract: t.arg.string({ required: true }), key: t.arg.string({ required: true }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (_, { consortium, channel, contract, key, ...args }, context) => {
        const ref = await ledgerBy(context, consortium, channel);
        return page<KeyVersionOf>(args, { cursorOf: ({ place }) => placeCursor(place), isCursor: isPlaceCursor }, (query) => keyVersions(context, ref, contract, checkKey(key), query));
      },
    }),
  };
});
