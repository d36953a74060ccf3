import { endOfBlock, hashPrefix, parseCheckpoint, printCheckpoint, restored, type Checkpoint } from '../ledger-index/checkpoint.ts';
import { blocksFrom, eventsAfter, findBlock, indexOf, type LedgerIndex, type Place } from '../ledger-index/index-queries.ts';
import type { BlockSummary, TransactionSummary } from '../ledger-index/index-rows.ts';
import type { LedgerRef } from '../ledger/ledger-reader.ts';
import type { TransactionView } from '../ledger/transaction-view.ts';
import { ApiProblem, notFound } from '../errors.ts';
import { findProjection } from '../projections/projection-repository.ts';
import { builder } from './builder.ts';
import { changeStream } from './change-stream.ts';
import { forgetLoaded, type RequestContext } from './context.ts';
import { flatten } from './flatten.ts';
import { blockType, bytesType } from './ledger-types.ts';
import { ledgerBy } from './ledger-refs.ts';

const pageSize = 50;

/** Up to where the subscriber knows the ledger. */
interface Known extends Place {
  /** Of the block; undefined when no block of it was told. */
  hash: string | undefined;
}

const madeAnew = (): ApiProblem =>
  new ApiProblem({ code: 'CONFLICT', message: 'the ledger was restored to an earlier state', nextAction: 'subscribe without a checkpoint, and make anew what was made of the events before' });

/** The index once it is as far as the subscriber, and has the block that the subscriber knows; undefined until then. */
async function indexAt({ services: { db } }: RequestContext, ref: LedgerRef, known: Known, refusal: () => ApiProblem): Promise<LedgerIndex | undefined> {
  const index = await indexOf(db, ref.uid);
  if (!index && !(await findProjection(db, 'Channel', ref.uid))) throw notFound('channel', 'channel');
  if (!index || known.hash === undefined) return index;
  const block = await findBlock(db, index.id, known.block);
  if (!block) return undefined;
  if (hashPrefix(block.hash) !== known.hash) throw refusal();
  return index;
}

/** Where a subscription begins: at its checkpoint, at the very beginning, or at what is newest now. */
async function begin({ services: { db } }: RequestContext, ref: LedgerRef, after: string | null | undefined): Promise<Known & { from: Checkpoint | undefined }> {
  if (after === 'start') return { block: -1, position: endOfBlock, hash: undefined, from: undefined };
  if (typeof after === 'string') {
    const from = parseCheckpoint(after, ref.uid);
    return { block: from.block, position: from.position, hash: from.hash, from };
  }
  const index = await indexOf(db, ref.uid);
  return { block: (index?.nextBlock ?? 0) - 1, position: endOfBlock, hash: index?.lastHash ? hashPrefix(index.lastHash) : undefined, from: undefined };
}

interface Told<T> {
  item: T;
  place: Place;
  hash: string;
}

/** What `read` finds after what is known, again and again, in the order of the ledger. */
async function ledgerStream<T>(context: RequestContext, ref: LedgerRef, after: string | null | undefined, read: (index: LedgerIndex, known: Known) => Promise<Told<T>[]>) {
  const { from, ...start } = await begin(context, ref, after);
  let known: Known = start;
  const refusal = (): ApiProblem => (from && known === start ? restored(from.block) : madeAnew());
  // Asked before listening, so that a checkpoint that does not fit is an error of the request and not of its stream.
  await indexAt(context, ref, known, refusal);
  return flatten(
    changeStream({
      notifications: context.services.notifications,
      channel: 'guildhall_ledger',
      matches: (payload) => payload === ref.uid,
      read: async () => {
        forgetLoaded(context.loaders);
        const index = await indexAt(context, ref, known, refusal);
        const told = index ? await read(index, known) : [];
        const last = told.at(-1);
        if (last) known = { ...last.place, hash: last.hash };
        return told;
      },
      isPart: (told) => told.length > 0,
    }),
  );
}

interface BlockEvent {
  ref: LedgerRef;
  summary: BlockSummary;
  checkpoint: string;
}

const blockEventType = builder.objectRef<BlockEvent>('BlockEvent').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    checkpoint: t.exposeString('checkpoint', { description: 'Subscribe with it again, and nothing after this block is missed or repeated.' }),
    block: t.field({ type: blockType, resolve: ({ ref, summary }) => ({ ref, summary }) }),
  }),
});

async function blockEvents(context: RequestContext, ref: LedgerRef, after: string | null | undefined): Promise<AsyncIterableIterator<Told<BlockSummary>>> {
  return ledgerStream(context, ref, after, async (index, known) => {
    // The rest of a block that was told in part, by the events of its contracts, is not told as a block.
    const blocks = await blocksFrom(context.services.db, index.id, known.block + 1, pageSize);
    return blocks.map((item) => ({ item, place: { block: item.number, position: endOfBlock }, hash: hashPrefix(item.hash) }));
  });
}

interface ContractEvent {
  checkpoint: string;
  summary: TransactionSummary;
  event: NonNullable<TransactionView['event']>;
}

const contractEventType = builder.objectRef<ContractEvent>('ContractEvent').implement({
  authScopes: { admin: true },
  description: 'An event of a contract, of a valid transaction.',
  fields: (t) => ({
    checkpoint: t.exposeString('checkpoint', { description: 'Subscribe with it again, and nothing after this event is missed or repeated.' }),
    transactionId: t.string({ resolve: ({ summary }) => summary.transactionId }),
    blockNumber: t.int({ resolve: ({ summary }) => summary.block }),
    index: t.int({ description: 'The transaction’s place in its block.', resolve: ({ summary }) => summary.position }),
    at: t.field({ type: 'DateTime', nullable: true, description: 'As the transaction’s client gave it.', resolve: ({ summary }) => summary.at }),
    function: t.string({ nullable: true, resolve: ({ summary }) => summary.function }),
    name: t.string({ resolve: ({ event }) => event.name }),
    payload: t.field({ type: bytesType, resolve: ({ event }) => event.payload }),
  }),
});

async function contractEvents(context: RequestContext, ref: LedgerRef, contract: string, after: string | null | undefined): Promise<AsyncIterableIterator<Told<Omit<ContractEvent, 'checkpoint'>>>> {
  const { db } = context.services;
  return ledgerStream(context, ref, after, async (index, known) => {
    const found = await eventsAfter(db, index.id, contract, known, pageSize);
    const told = await Promise.all(
      found.map(async (summary) => {
        const [view, block] = await Promise.all([context.loaders.transactions.load({ ref, block: summary.block, position: summary.position }), findBlock(db, index.id, summary.block)]);
        return view.event && block ? [{ item: { summary, event: view.event }, place: summary, hash: hashPrefix(block.hash) }] : [];
      }),
    );
    return told.flat();
  });
}

const described = { after: 'A checkpoint: what comes after it. "start": everything. Left out: what comes from now on.' };

builder.subscriptionFields((t) => {
  const channel = () => ({ consortium: t.arg.string({ required: true }), channel: t.arg.string({ required: true }), after: t.arg.string({ description: described.after }) });
  const checkpoint = (uid: string, { place, hash }: Told<unknown>): string => printCheckpoint({ uid, block: place.block, position: place.position, hash });
  return {
    blocks: t.field({
      type: blockEventType,
      description: 'Every block of a channel, in order, as it comes.',
      args: channel(),
      subscribe: async (_, { consortium, channel, after }, context) => {
        const ref = await ledgerBy(context, consortium, channel);
        return mapped(await blockEvents(context, ref, after), (told) => ({ ref, summary: told.item, checkpoint: checkpoint(ref.uid, told) }));
      },
      resolve: (event: BlockEvent) => event,
    }),
    contractEvents: t.field({
      type: contractEventType,
      description: 'Every event of a contract, in order, as it comes. The checkpoints of blocks serve here too.',
      args: { ...channel(), contract: t.arg.string({ required: true }) },
      subscribe: async (_, { consortium, channel, contract, after }, context) => {
        const ref = await ledgerBy(context, consortium, channel);
        return mapped(await contractEvents(context, ref, contract, after), (told) => ({ ...told.item, checkpoint: checkpoint(ref.uid, told) }));
      },
      resolve: (event: ContractEvent) => event,
    }),
  };
});

function mapped<T, U>(source: AsyncIterableIterator<T>, map: (item: T) => U): AsyncIterableIterator<U> {
  const stream: AsyncIterableIterator<U> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      const { done, value } = await source.next();
      return done ? { done: true, value: undefined } : { done: false, value: map(value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return stream;
}
