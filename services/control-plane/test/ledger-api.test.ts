import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { channel, consortiumNamespace } from '@guildhall/resources';
import type { ControlPlane } from '../src/index.ts';
import { createClient, smallConsortium, subscribe, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { createScriptedLedger, idOf, type ScriptedLedger } from './scripted-ledger.ts';
import { startWorld, type Answer, type World } from './world.ts';

const settled = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await delay(10);
};

interface Event<T> {
  checkpoint: string;
  block?: T;
}

describe('the ledger in the API', { timeout: 600_000 }, () => {
  let world: World;
  let operator: ScriptedOperator;
  let controlPlane: ControlPlane;
  let token: string;
  let client: Client;
  let ledger: ScriptedLedger;
  let uid: string;

  const channelUid = async (): Promise<string> => (await world.admin.get(channel.type, { namespace: consortiumNamespace('trade'), name: 'trade' }))?.metadata.uid ?? '';
  const told = async <T>(query: string, variables?: Record<string, unknown>): Promise<T> => {
    const { data, errors } = await client.ask<T>(query, variables);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
  const refusal = async (query: string, variables?: Record<string, unknown>) => (await client.ask(query, variables)).errors?.[0]?.extensions;
  const newest = async (): Promise<number> =>
    (await told<{ channel: { blocks: { edges: { node: { number: number } }[] } } }>('query($id: ID!) { channel(id: $id) { blocks(first: 1) { edges { node { number } } } } }', { id: uid })).channel.blocks.edges[0]?.node.number ?? -1;
  const indexed = (): Promise<void> => settled(async () => (await newest()) === ledger.height(uid) - 1);

  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    ledger = createScriptedLedger();
    controlPlane = await world.start({ blocks: ledger.blocks });
    token = await controlPlane.tokens.issueAdminToken();
    client = createClient(() => controlPlane.url, token);
    await client.until(await client.begun('createConsortium', smallConsortium('trade')), 'succeeded');
    uid = await channelUid();
    ledger.add(uid);
    ledger.add(uid, { id: idOf('t1'), function: 'Issue', event: 'Issued', writes: { n1: 'one' } }, { id: idOf('t2'), creator: 'BankMSP', code: 11, event: 'Lost', writes: { n1: 'lost' } });
    ledger.add(uid, { id: idOf('t3'), creator: 'BankMSP', function: 'Drop', event: 'Dropped', writes: { n1: undefined } }, { id: idOf('t4'), contract: 'other', event: 'Else' });
    await indexed();
  });
  after(async () => {
    operator.stop();
    await controlPlane.stop();
    await world.stop();
  });

  test('pages blocks from the newest back to the first', async () => {
    type Page = { channel: { blocks: { edges: { node: { number: number; transactionCount: number; validCount: number; previousHash: string; configUpdate: { words: string[] } | null } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } };
    const query = 'query($id: ID!, $after: String) { channel(id: $id) { blocks(first: 2, after: $after) { edges { node { number transactionCount validCount previousHash configUpdate { words } } } pageInfo { hasNextPage endCursor } } } }';
    const { blocks } = (await told<Page>(query, { id: uid })).channel;
    assert.deepEqual(blocks.edges.map(({ node }) => [node.number, node.transactionCount, node.validCount, node.configUpdate]), [[2, 2, 2, null], [1, 2, 1, null]]);
    const rest = (await told<Page>(query, { id: uid, after: blocks.pageInfo.endCursor })).channel.blocks;
    assert.deepEqual(rest.edges.map(({ node }) => [node.number, node.previousHash, node.configUpdate?.words]), [[0, '', ['It begins.']]]);
    assert.equal(rest.pageInfo.hasNextPage, false);
  });

  test('shows a transaction by its id with what it did, and its verdict in words', async () => {
    const { transaction } = await told<{ transaction: Record<string, unknown> }>(
      'query($id: String!) { transaction(consortium: "trade", channel: "trade", id: $id) { blockNumber index type contract function validation { name valid nextAction } creator { mspId } event { name payload { value isText } } writes { key isDelete value { value length cut } } counts { writes } } }',
      { id: idOf('t2') },
    );
    assert.deepEqual(transaction, {
      blockNumber: 1, index: 1, type: 'contract', contract: 'note', function: 'put', validation: { name: 'MVCC_READ_CONFLICT', valid: false, nextAction: 'Endorse and submit the request again.' },
      creator: { mspId: 'BankMSP' }, event: { name: 'Lost', payload: { value: '{"of":"Lost"}', isText: true } },
      writes: [{ key: 'n1', isDelete: false, value: { value: 'lost', length: 4, cut: false } }], counts: { writes: 1 },
    });
  });

  test('shows a block by its number, also one that is not indexed', async () => {
    const query = 'query($number: Int!) { block(consortium: "trade", channel: "trade", number: $number) { number transactions(first: 1) { edges { node { id writes { key } } } pageInfo { hasNextPage endCursor } } } }';
    type Seen = { block: { number: number; transactions: { edges: { node: { id: string } }[] } } };
    assert.deepEqual((await told<Seen>(query, { number: 2 })).block.transactions.edges.map(({ node }) => node.id), [idOf('t4')]);
    await world.query('update ledgers set channel_uid = null');
    assert.deepEqual((await told<Seen>(query, { number: 1 })).block.transactions.edges.map(({ node }) => node.id), [idOf('t2')]);
    ledger.add(uid); // The follower finds that its index was given up, and makes another.
    await indexed();
  });

  test('finds transactions by contract, member, key and verdict', async () => {
    const found = async (filter: string): Promise<string[]> =>
      (await told<{ channel: { transactions: { edges: { node: { id: string } }[] } } }>(`query($id: ID!) { channel(id: $id) { transactions(first: 10, ${filter}) { edges { node { id } } } } }`, { id: uid })).channel.transactions.edges.map(({ node }) => node.id);
    assert.deepEqual(await found('contract: "other"'), [idOf('t4')]);
    assert.deepEqual(await found('member: "bank"'), [idOf('t3'), idOf('t2')]);
    assert.deepEqual(await found('contract: "note", member: "bank", valid: true'), [idOf('t3')]);
    assert.deepEqual(await found('contract: "note", key: "n1"'), [idOf('t3'), idOf('t2'), idOf('t1')]);
    assert.deepEqual(await found('valid: false'), [idOf('t2')]);
  });

  test('tells what a key became', async () => {
    const { keyHistory } = await told<{ keyHistory: { edges: { node: object }[] } }>('{ keyHistory(consortium: "trade", channel: "trade", contract: "note", key: "n1") { edges { node { transactionId function isDelete value { value } } } } }');
    assert.deepEqual(keyHistory.edges.map(({ node }) => node), [
      { transactionId: idOf('t3'), function: 'Drop', isDelete: true, value: null },
      { transactionId: idOf('t1'), function: 'Issue', isDelete: false, value: { value: 'one' } },
    ]);
  });

  test('tells configurations and activity', async () => {
    const { channel: seen } = await told<{ channel: { configHistory: { edges: { node: object }[]; pageInfo: object }; activity: { transactions: number; invalid: number; medianCommitLatencyMs: number | null }[] } }>(
      'query($id: ID!) { channel(id: $id) { configHistory(first: 5) { edges { node { sequence blockNumber words changes { path } signers { mspId } } } pageInfo { hasNextPage } } activity(buckets: 1) { transactions invalid medianCommitLatencyMs } } }',
      { id: uid },
    );
    assert.deepEqual(seen.configHistory, { edges: [{ node: { sequence: 0, blockNumber: 0, words: ['It begins.'], changes: [], signers: [] } }], pageInfo: { hasNextPage: false } });
    assert.deepEqual(seen.activity.map(({ transactions, invalid }) => [transactions, invalid]), [[5, 1]]);
  });

  test('says what is wrong with a question, where and what to do', async () => {
    const of = (field: string) => `{ channel(id: "${uid}") { ${field} } }`;
    const cases: [string, string, string][] = [
      ['{ block(consortium: "trade", channel: "trade", number: 99) { number } }', 'NOT_FOUND', 'number'],
      ['{ block(consortium: "trade", channel: "nope", number: 1) { number } }', 'NOT_FOUND', 'channel'],
      ['{ transaction(consortium: "trade", channel: "trade", id: "t1") { id } }', 'INVALID_INPUT', 'id'],
      [`{ transaction(consortium: "trade", channel: "trade", id: "${idOf('none')}") { id } }`, 'NOT_FOUND', 'id'],
      [of('transactions(key: "n1") { edges { cursor } }'), 'INVALID_INPUT', 'contract'],
      [of('transactions(member: "nobody") { edges { cursor } }'), 'NOT_FOUND', 'member'],
      [of(`transactions(contract: "note", key: "${'x'.repeat(70_000)}") { edges { cursor } }`), 'INVALID_INPUT', 'key'],
      [of('transactions(after: "x") { edges { cursor } }'), 'INVALID_INPUT', 'after'],
      [of('blocks(first: 101) { edges { cursor } }'), 'INVALID_INPUT', 'first'],
      [of('configHistory(after: "x") { edges { cursor } }'), 'INVALID_INPUT', 'after'],
      [of('activity(buckets: 201) { blocks }'), 'INVALID_INPUT', 'buckets'],
      [of('activity(since: "2999-01-01T00:00:00Z") { blocks }'), 'INVALID_INPUT', 'since'],
      ['{ transaction(consortium: "trade", channel: "trade", id: "' + idOf('t1') + '") { writes(first: 1001) { key } } }', 'INVALID_INPUT', 'first'],
    ];
    for (const [query, code, path] of cases) {
      const said = await refusal(query);
      assert.deepEqual([said?.code, said?.path], [code, path], query.slice(0, 200));
      assert.ok((said?.nextAction.length ?? 0) > 0);
    }
    assert.equal((await refusal(of('transactions(contract: "no\\u0000ne") { edges { cursor } }')))?.code, 'INVALID_INPUT');
    assert.equal((await refusal(of('activity(since: "yesterday") { blocks }')))?.code, 'INVALID_INPUT');
  });

  /** The next so many events of a subscription. */
  async function events<T>(field: string, count: number): Promise<T[]> {
    const got: T[] = [];
    const stop = new AbortController();
    await subscribe<Record<string, T>>(controlPlane.url, token, `subscription { ${field} }`, {}, (event: Answer<Record<string, T>>) => {
      assert.equal(event.errors, undefined, JSON.stringify(event.errors));
      got.push(...Object.values(event.data));
      if (got.length >= count) stop.abort();
    }, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return got;
  }
  const blocks = (after: string): string => `blocks(consortium: "trade", channel: "trade", after: "${after}") { checkpoint block { number } }`;
  const contractEvents = (after: string): string => `contractEvents(consortium: "trade", channel: "trade", contract: "note", after: "${after}") { checkpoint transactionId name payload { value } }`;

  test('tells of blocks from any checkpoint on, without gap or repetition', async () => {
    const all = await events<Event<{ number: number }>>(blocks('start'), 4);
    assert.deepEqual(all.map(({ block }) => block?.number), [0, 1, 2, 3]);
    const later = events<Event<{ number: number }>>(blocks(all[1]!.checkpoint), 3);
    ledger.add(uid, { id: idOf('t5') });
    assert.deepEqual((await later).map(({ block }) => block?.number), [2, 3, 4]);
  });

  test('tells of a contract’s events, goes on within a block, and takes checkpoints of blocks', async () => {
    ledger.add(uid, { id: idOf('e1'), event: 'A' }, { id: idOf('e2'), event: 'B' }, { id: idOf('e3'), event: 'C', code: 10 });
    await indexed();
    type Told = { checkpoint: string; transactionId: string; name: string; payload: { value: string } };
    const all = await events<Told>(contractEvents('start'), 4);
    assert.deepEqual(all.map(({ name }) => name), ['Issued', 'Dropped', 'A', 'B'], 'of valid transactions alone');
    assert.equal(all[0]?.payload.value, '{"of":"Issued"}');
    assert.deepEqual((await events<Told>(contractEvents(all[2]!.checkpoint), 1)).map(({ name }) => name), ['B']);
    const [, , second] = await events<Event<unknown>>(blocks('start'), 3);
    assert.deepEqual((await events<Told>(contractEvents(second!.checkpoint), 2)).map(({ name }) => name), ['A', 'B']);
  });

  test('refuses a checkpoint that does not fit, and says what to do', async () => {
    const [{ checkpoint } = { checkpoint: '' }] = await events<Event<unknown>>(blocks('start'), 1);
    const refused = async (after: string) => {
      let said: Answer<unknown> | undefined;
      await subscribe(controlPlane.url, token, `subscription { ${blocks(after)} }`, {}, (event) => (said = event));
      return said?.errors?.[0]?.extensions;
    };
    for (const [after, code] of [['x', 'INVALID_INPUT'], [checkpoint.replace(/^[0-9a-f]{8}/, 'ffffffff'), 'CONFLICT'], [checkpoint.replace(/[0-9a-f]{16}$/, '0'.repeat(16)), 'CONFLICT']] as const) {
      const said = await refused(after);
      assert.deepEqual([said?.code, said?.path], [code, 'after'], after);
      assert.match(said?.nextAction ?? '', /subscribe without it/);
    }
  });

  test('ends what it told of a ledger that was restored to less', async () => {
    const got: (string | number)[] = [];
    const stream = subscribe<{ blocks: { block: { number: number } } }>(controlPlane.url, token, `subscription { ${blocks('start')} }`, {}, ({ data, errors }) => {
      got.push(errors?.[0]?.extensions.code ?? data.blocks.block.number);
    });
    await settled(() => Promise.resolve(got.length === ledger.height(uid)));
    ledger.cut(uid, 2);
    for (let number = 0; number < 6; number++) ledger.add(uid, { id: idOf(`r${number}`) });
    await stream;
    assert.equal(got.at(-1), 'CONFLICT');
  });
});
