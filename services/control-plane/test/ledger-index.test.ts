import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { databaseSchema, openDatabase, openPool, type Database } from '../src/database/database.ts';
import type { Tables } from '../src/database/schema.ts';
import { followLedger } from '../src/ledger-index/follow-ledger.ts';
import { activity, indexOf, listBlocks, listKeyChanges, listTransactions, placeCursor } from '../src/ledger-index/index-queries.ts';
import { keyDigest } from '../src/ledger-index/index-rows.ts';
import { openLedger, sweepLedgers } from '../src/ledger-index/index-writer.ts';
import { createLedgerFollowers } from '../src/ledger-index/ledger-followers.ts';
import type { ClusterObject } from '../src/projections/cluster-view.ts';
import { createScriptedLedger, idOf, type ScriptedLedger } from './scripted-ledger.ts';
import { startWorld, type World } from './world.ts';

const settled = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await delay(10);
};
const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
const first = (limit: number) => ({ limit, after: undefined, before: undefined, backwards: false });

describe('the index of a ledger', { timeout: 600_000 }, () => {
  let world: World;
  let db: Database;
  let pool: Pool;
  /** The followers' own, whose connections a test breaks. */
  let followersDb: Database;
  const running = new Set<() => Promise<void>>();
  let ledger: ScriptedLedger;
  let uids = 0;
  const newUid = (): string => `00000000-0000-4000-8000-${String(++uids).padStart(12, '0')}`;

  before(async () => {
    world = await startWorld();
    await (await world.start()).stop();
    const open = (applicationName: string): Pool => openPool({ connectionString: world.postgres.url, schema: databaseSchema, applicationName, max: 6, logger });
    pool = open('test-index');
    db = openDatabase(pool);
    followersDb = openDatabase(open('test-followers'));
    ledger = createScriptedLedger();
  });
  // Also those of a test that failed: nothing else would end them.
  afterEach(async () => {
    for (const stop of running) await stop();
  });
  after(async () => {
    await db.destroy();
    await followersDb.destroy();
    await world.stop();
  });

  const follow = (uid: string): { stop: () => Promise<void> } => {
    const stopping = new AbortController();
    const ended = followLedger({ db: followersDb, blocks: ledger.blocks, now: () => new Date(), logger }, { consortium: 'trade', channel: 'goods', uid }, stopping.signal);
    const stop = async (): Promise<void> => {
      running.delete(stop);
      stopping.abort();
      await ended;
    };
    running.add(stop);
    return { stop };
  };
  const height = async (uid: string): Promise<number> => (await indexOf(db, uid))?.nextBlock ?? 0;
  const caughtUp = (uid: string): Promise<void> => settled(async () => (await height(uid)) === ledger.height(uid));
  /** Everything that the index says of a ledger. */
  const contents = async (uid: string) => {
    const { id } = (await indexOf(db, uid))!;
    const blocks = await listBlocks(db, id, first(10_000));
    const transactions = await listTransactions(db, id, {}, first(10_000));
    return { hashes: blocks.map(({ hash }) => Buffer.from(hash).toString('hex')).toReversed(), ids: transactions.map(({ transactionId }) => transactionId).toReversed() };
  };
  const truth = async (uid: string) => {
    const blocks = await Promise.all(Array.from({ length: ledger.height(uid) }, (_, number) => ledger.blocks.block({ consortium: '', channel: '', uid }, number)));
    return { hashes: blocks.map((block) => Buffer.from(block!.hash).toString('hex')), ids: blocks.flatMap((block) => block!.transactions.map(({ transactionId }) => transactionId)) };
  };
  const fill = (uid: string, count: number): void => {
    for (let number = 0; number < count; number++) ledger.add(uid, { id: idOf(`${uid} ${ledger.height(uid)}`), writes: { [`k${number % 7}`]: String(number) } });
  };

  test('has what the ledger has, and follows it', async () => {
    const uid = newUid();
    fill(uid, 30);
    const follower = follow(uid);
    await caughtUp(uid);
    fill(uid, 3);
    await caughtUp(uid);
    assert.deepEqual(await contents(uid), await truth(uid));
    await follower.stop();
  });

  test('is right whatever is killed, and whoever else writes it', async (t) => {
    const seed = Number(process.env['GUILDHALL_SEED'] ?? randomInt(1_000_000));
    t.diagnostic(`seed ${seed}`);
    let state = seed;
    const random = (below: number): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const uid = newUid();
    let followers = [follow(uid), follow(uid)];
    for (let turn = 0; turn < 40; turn++) {
      fill(uid, 1 + random(20));
      await delay(random(15));
      if (random(3) === 0) await world.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-followers'`);
      if (random(4) === 0) {
        await followers[0]!.stop();
        followers = [followers[1]!, follow(uid)];
      }
    }
    await caughtUp(uid);
    assert.deepEqual(await contents(uid), await truth(uid));
    const rows = await world.query<{ writes: string }>(`select count(*) as writes from ledger_writes where ledger_id = (select id from ledgers where channel_uid = $1)`, [uid]);
    assert.equal(Number(rows[0]?.writes), ledger.height(uid) - 1, 'each write once');
    for (const follower of followers) await follower.stop();
  });

  test('is made anew when the ledger was restored to less, also while nobody looked, and what was before is swept away', async () => {
    const uid = newUid();
    fill(uid, 20);
    const follower = follow(uid);
    await caughtUp(uid);
    const before = (await indexOf(db, uid))!.id;
    ledger.cut(uid, 12);
    fill(uid, 2);
    await caughtUp(uid);
    assert.deepEqual(await contents(uid), await truth(uid));
    await follower.stop();
    ledger.cut(uid, 5);
    fill(uid, 30);
    const again = follow(uid);
    await caughtUp(uid);
    await settled(async () => JSON.stringify(await contents(uid)) === JSON.stringify(await truth(uid)));
    await again.stop();
    await sweepLedgers(db, new AbortController().signal);
    const left = await world.query('select 1 from ledger_blocks where ledger_id = $1', [before]);
    assert.deepEqual([left.length, (await world.query('select 1 from ledgers where channel_uid is null')).length], [0, 0]);
  });

  test('of a channel that is no more is given up; what a replica has not seen yet is no reason, however old it is', async () => {
    const [gone, unseen] = [newUid(), newUid()];
    for (const uid of [gone, unseen]) await openLedger(db, uid);
    await world.query(`update ledgers set created_at = now() - interval '1 hour'`);
    const others = await world.query<{ channel_uid: string }>('select channel_uid from ledgers where channel_uid is not null and channel_uid <> $1', [gone]);
    const live = others.map(({ channel_uid: uid }, index): ClusterObject => ({
      apiVersion: 'guildhall.dev/v1alpha1', kind: 'Channel', metadata: { namespace: 'gh-trade', name: `goods${index}`, uid, resourceVersion: '1' }, spec: {},
    }));
    const stopping = new AbortController();
    const running = createLedgerFollowers({
      db: followersDb, blocks: ledger.blocks, now: () => new Date(), logger,
      view: { get: () => undefined, ofConsortium: () => [], onChange: () => () => undefined, all: () => [], hasSynced: () => true, problem: () => undefined, start: () => Promise.resolve() },
      reader: { all: () => Promise.resolve(live) },
    }).run(stopping.signal);
    await settled(async () => (await indexOf(db, gone)) === undefined);
    stopping.abort();
    await running;
    assert.ok(await indexOf(db, unseen));
  });

  test('finds keys of any length and with any character, and tells what they became', async () => {
    const uid = newUid();
    const keys = ['\u0000note\u0000n1\u0000', 'x'.repeat(200_000), "'; drop table ledgers; --", '\u{10FFFF}', ''];
    ledger.add(uid);
    ledger.add(uid, { id: idOf('w1'), writes: Object.fromEntries(keys.map((key) => [key, 'v'])) });
    ledger.add(uid, { id: idOf('w2'), code: 11, writes: Object.fromEntries(keys.map((key) => [key, 'lost'])) }, { id: idOf('w3'), writes: { [keys[0]!]: undefined } });
    const follower = follow(uid);
    await caughtUp(uid);
    const { id } = (await indexOf(db, uid))!;
    for (const key of keys) {
      const changes = await listKeyChanges(db, id, 'note', key, first(10));
      assert.deepEqual(changes.at(-1), { block: 1, position: 0, isDelete: false }, key.slice(0, 20));
      assert.equal(changes.length, key === keys[0] ? 2 : 1, 'what is not valid changed nothing');
      assert.deepEqual(await listKeyChanges(db, id, 'other', key, first(10)), []);
    }
    const invalid = await listTransactions(db, id, { contract: 'note', key: keys[1]!, valid: false }, first(10));
    assert.deepEqual(invalid.map(({ transactionId }) => transactionId), [idOf('w2')]);
    await follower.stop();
  });

  test('counts by time', async () => {
    const uid = newUid();
    const since = new Date('2026-01-01T00:00:00Z');
    const at = (minute: number): Date => new Date(since.getTime() + minute * 60_000);
    ledger.add(uid);
    ledger.add(uid, { at: at(1) }, { at: at(2), code: 11 });
    ledger.add(uid, { at: at(31) });
    const follower = follow(uid);
    await caughtUp(uid);
    const { id } = (await indexOf(db, uid))!;
    const parts = await activity(db, id, since, at(60), 2);
    assert.deepEqual(parts.map(({ blocks, transactions, invalid }) => [blocks, transactions, invalid]), [[1, 2, 1], [1, 1, 0]]);
    assert.deepEqual((await activity(db, undefined, since, at(60), 1)).map(({ transactions }) => transactions), [0]);
    await follower.stop();
  });

  test('gives a page of 100,000 transactions at the same cost wherever it is', async () => {
    const { id } = await openLedger(db, newUid());
    await world.query(
      `insert into ledger_transactions select $1, n / 10, n % 10, md5(n::text), 'contract', 'c' || n % 3, 'f', 'M' || n % 5, case when n % 1000 = 0 then 11 else 0 end, n % 50 = 0, now(), 10 from generate_series(0, 99999) n`,
      [id],
    );
    await world.query(`insert into ledger_writes select $1, $2, n / 10, n % 10, false, n % 1000 <> 0 from generate_series(0, 99999) n`, [id, Buffer.from(keyDigest('c0', 'hot'))]);
    await world.query('analyze ledger_transactions, ledger_writes');
    const filters = [{}, { contract: 'c1' }, { creator: 'M3' }, { contract: 'c2', creator: 'M4' }, { valid: true }, { valid: false }, { contract: 'c0', valid: false }, { contract: 'c0', key: 'hot' }, { contract: 'c0', key: 'hot', valid: true }];
    for (const filter of filters) {
      for (const block of [10_000, 5000, 200]) {
        const query = { ...first(21), after: placeCursor({ block, position: 0 }) };
        const touched = await buffersOf((db) => listTransactions(db, id, filter, query));
        assert.ok(touched < 600, `${JSON.stringify(filter)} before block ${block}: ${touched} buffers`);
      }
    }
  });

  /** How many pages of PostgreSQL's a query touches. */
  async function buffersOf(ask: (db: Database) => Promise<unknown>): Promise<number> {
    const queries: { sql: string; parameters: readonly unknown[] }[] = [];
    const logged = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: ({ query }) => void queries.push(query) });
    await ask(logged);
    const [query] = queries;
    const [explained] = (await pool.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(`explain (analyze, buffers, format json) ${query?.sql}`, [...(query?.parameters ?? [])])).rows;
    const plan = explained?.['QUERY PLAN'][0]?.Plan ?? {};
    return (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
  }
});
