import type { ChannelSettings, DescribedConfiguration } from '@guildhall/ledger-gateway';
import type { Member } from '@guildhall/resources';
import { ApiProblem, notFound } from '../errors.ts';
import { activity, indexOf, isPlaceCursor, listBlocks, listTransactions, placeCursor, type ActivityBucket } from '../ledger-index/index-queries.ts';
import { builder } from './builder.ts';
import type { RequestContext } from './context.ts';
import { blockType, configUpdateType, transactionType, type BlockOf, type TransactionOf } from './ledger-types.ts';
import { ledgerRef } from './ledger-refs.ts';
import { page } from './paging.ts';
import { channelType } from './resource-types.ts';

/** In characters; the API's requests are not larger than 2 MiB. */
const maxKeyLength = 65_536;
export const blockCursor = /^\d{1,15}$/;

const invalid = (path: string, message: string, nextAction: string): ApiProblem => new ApiProblem({ code: 'INVALID_INPUT', path, message: `${path}: ${message}`, nextAction });

export function checkKey(key: string): string {
  if (key.length > maxKeyLength) throw invalid('key', `a key is searched for by at most ${maxKeyLength} characters`, 'look at the transactions of the contract instead');
  return key;
}

async function mspIdOf(context: RequestContext, consortium: string, member: string | null | undefined): Promise<string | undefined> {
  if (typeof member !== 'string') return undefined;
  const objects = await context.loaders.objects.load(consortium);
  const found = objects.find((object) => object.kind === 'Member' && object.metadata.name === member) as Member | undefined;
  if (!found) throw notFound('member', 'member');
  return found.spec.mspId;
}

const activityType = builder.objectRef<ActivityBucket>('LedgerActivity').implement({
  authScopes: { admin: true },
  description: 'What happened on a ledger in a part of a time, by the times that clients gave their transactions.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime' }),
    to: t.expose('to', { type: 'DateTime' }),
    blocks: t.exposeInt('blocks'),
    transactions: t.exposeInt('transactions'),
    invalid: t.exposeInt('invalid'),
    medianCommitLatencyMs: t.exposeFloat('medianLatencyMs', { nullable: true, description: 'Of the transactions that Guildhall watched being committed; null when there are none.' }),
  }),
});

const day = 24 * 60 * 60_000;

builder.objectFields(channelType, (t) => ({
  blocks: t.connection({
    type: blockType,
    description: 'Newest first. They come from an index that follows the ledger a moment behind. The cursor of a block is its number, so that a page can begin anywhere.',
    resolve: async ({ consortium, object }, args, { services }) => {
      const ref = ledgerRef({ consortium, object });
      return page<BlockOf>(args, { cursorOf: ({ summary }) => String(summary.number), isCursor: (text) => blockCursor.test(text) }, async (query) => {
        const index = await indexOf(services.db, ref.uid);
        return index ? (await listBlocks(services.db, index.id, query)).map((summary) => ({ ref, summary })) : [];
      });
    },
  }),
  transactions: t.connection({
    type: transactionType,
    description: 'Newest first. Those that call a contract, were submitted by a member, write a key of the contract, are valid or not: what is given must all hold.',
    args: { contract: t.arg.string(), member: t.arg.string({ description: 'The name of the member whose client submitted it.' }), key: t.arg.string({ description: 'Together with its contract.' }), valid: t.arg.boolean() },
    resolve: async ({ consortium, object }, { contract, member, key, valid, ...args }, context) => {
      const ref = ledgerRef({ consortium, object });
      if (typeof key === 'string' && typeof contract !== 'string') throw invalid('contract', 'a key is searched for within a contract', 'name the contract whose key it is');
      const filter = { contract: contract ?? undefined, creator: await mspIdOf(context, consortium, member), key: typeof key === 'string' ? checkKey(key) : undefined, valid: valid ?? undefined };
      return page<TransactionOf>(args, { cursorOf: ({ summary }) => placeCursor(summary), isCursor: isPlaceCursor }, async (query) => {
        const { db } = context.services;
        const index = await indexOf(db, ref.uid);
        return index ? (await listTransactions(db, index.id, filter, query)).map((summary) => ({ ref, summary })) : [];
      });
    },
  }),
  activity: t.field({
    type: [activityType],
    description: 'Counts for equal parts of the time since then; a day, if it is not said. At most 200 parts and 366 days.',
    args: { since: t.arg({ type: 'DateTime' }), buckets: t.arg.int({ defaultValue: 24 }) },
    resolve: async ({ consortium, object }, { since, buckets }, { services }) => {
      const until = new Date();
      const from = since ?? new Date(until.getTime() - day);
      const parts = buckets ?? 24;
      if (parts < 1 || parts > 200) throw invalid('buckets', 'must be between 1 and 200', 'ask for fewer parts');
      if (from >= until) throw invalid('since', 'it is not in the past', 'give a time before now');
      if (until.getTime() - from.getTime() > 366 * day) throw invalid('since', 'it is more than 366 days ago', 'give a later time');
      const index = await indexOf(services.db, ledgerRef({ consortium, object }).uid);
      return activity(services.db, index?.id, from, until, parts);
    },
  }),
}));

const configHistoryType = builder.connectionObject({ type: configUpdateType, name: 'ConfigHistory' }, { name: 'ConfigHistoryEdge' });

builder.objectField(channelType, 'configHistory', (t) =>
  t.field({
    type: configHistoryType,
    description: 'The configuration blocks, newest first, read from the ledger itself.',
    args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
    resolve: ({ consortium, object }, args, { services }) =>
      page<DescribedConfiguration>(args, { cursorOf: ({ blockNumber }) => String(blockNumber), isCursor: (text) => blockCursor.test(text) }, async ({ after, limit }) =>
        after === '0' ? [] : [...(await services.ledgerReader.configurations(ledgerRef({ consortium, object }), after === undefined ? undefined : Number(after), limit))],
      ),
  }),
);

const batchType = builder.objectRef<ChannelSettings['batch']>('BatchSettings').implement({
  authScopes: { admin: true },
  description: 'When a block is cut: whichever comes first.',
  fields: (t) => ({
    timeoutMs: t.exposeInt('timeoutMs'),
    maxMessages: t.exposeInt('maxMessageCount'),
    preferredMaxBytes: t.exposeInt('preferredMaxBytes'),
    absoluteMaxBytes: t.exposeInt('absoluteMaxBytes', { description: 'No block is larger.' }),
  }),
});

const policyType = builder.objectRef<ChannelSettings['policies'][number]>('ChannelPolicy').implement({
  authScopes: { admin: true },
  fields: (t) => ({
    group: t.exposeString('group', { description: 'Whose policy it is: Channel, Orderer or Application (the members).' }),
    name: t.exposeString('name', { description: 'As Endorsement, LifecycleEndorsement or Admins.' }),
    policy: t.exposeString('policy', { description: 'In Fabric’s language.' }),
    words: t.exposeString('words'),
  }),
});

const capabilitiesType = builder.objectRef<ChannelSettings['capabilities']>('ChannelCapabilities').implement({
  authScopes: { admin: true },
  description: 'What nodes must be able to do; one that is not stops.',
  fields: (t) => ({
    channel: t.stringList({ resolve: ({ channel }) => channel }),
    orderer: t.stringList({ resolve: ({ orderer }) => orderer }),
    application: t.stringList({ resolve: ({ application }) => application }),
  }),
});

const settingsType = builder.objectRef<ChannelSettings>('ChannelSettings').implement({
  authScopes: { admin: true },
  description: 'What the members agreed on, as the newest configuration block has it.',
  fields: (t) => ({
    sequence: t.exposeInt('sequence'),
    blockNumber: t.exposeInt('blockNumber'),
    batch: t.field({ type: batchType, resolve: ({ batch }) => batch }),
    tickMs: t.int({ nullable: true, description: 'Raft’s clock; null for another kind of ordering.', resolve: ({ tickMs }) => tickMs ?? null }),
    electionTicks: t.int({ nullable: true, description: 'Without a leader’s word for so many ticks, a new one is elected.', resolve: ({ electionTicks }) => electionTicks ?? null }),
    capabilities: t.field({ type: capabilitiesType, resolve: ({ capabilities }) => capabilities }),
    policies: t.field({ type: [policyType], resolve: ({ policies }) => policies }),
  }),
});

builder.objectField(channelType, 'settings', (t) =>
  t.field({
    type: settingsType,
    nullable: true,
    description: 'Null while there is no block yet.',
    resolve: ({ consortium, object }, _, { services }) => ((object.status?.height ?? 0) > 0 ? services.ledgerReader.settings(ledgerRef({ consortium, object })) : null),
  }),
);
