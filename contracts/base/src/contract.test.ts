import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Caller } from './caller.ts';
import type { Config } from './config.ts';
import { createContract, type Contract } from './contract.ts';
import { operationsFor } from './define.ts';
import type { AssetRecord, Kind } from './record.ts';
import { integer, object, text, type Infer } from './schema.ts';
import { createTestChannel, type Endorsement, type TestChannel } from './testing/channel.ts';

// The smallest contract that uses everything the base gives: boxes that their owner opens and closes.

const boxData = object({ owner: text({ title: 'Owner', maxLength: 64 }), opened: integer({ title: 'Opened', minimum: 0, maximum: 100 }) });
type Box = AssetRecord<Infer<typeof boxData>>;
const box: Kind<Infer<typeof boxData>> = {
  name: 'box',
  title: 'Box',
  data: boxData,
  states: { CLOSED: { title: 'Closed' }, OPEN: { title: 'Open' }, GONE: { title: 'Gone', final: true } },
  indexes: ({ data, state }) => ({ owner: state === 'GONE' ? undefined : data.owner }),
};
const settings = object({ limit: integer({ title: 'Limit', minimum: 1, maximum: 10 }) });
const define = operationsFor<Infer<typeof settings>>();
const owner = {
  name: 'owner',
  title: 'the owner',
  roles: ['keeper'],
  is: ({ caller, record }: { caller: Caller; record: Box }) => record.data.owner === caller.mspId,
};

const exampleConfig: Config<{ limit: number }> = {
  parties: [
    { mspId: 'AMSP', roles: ['keeper'] },
    { mspId: 'BMSP', roles: ['keeper'] },
    { mspId: 'CMSP', roles: ['regulator'] },
  ],
  clock: { timekeepers: ['AMSP', 'BMSP', 'CMSP'], quorum: 2, skewSec: 60 },
  settings: { limit: 2 },
};

const contract = createContract({
  code: 'BOX',
  version: '1.0.0',
  title: 'Boxes',
  description: 'Boxes that are opened and closed.',
  roles: { keeper: 'Keeps boxes' },
  kinds: [box],
  settings,
  exampleConfig,
  operations: {
    Make: define.creation({
      title: 'Make',
      description: 'Makes a box.',
      kind: box,
      to: ['CLOSED'],
      args: {},
      by: [{ name: 'keeper', title: 'a keeper', roles: ['keeper'], is: () => true }],
      effect: ({ caller }) => ({ data: { owner: caller.mspId, opened: 0 } }),
    }),
    Open: define.transition({
      title: 'Open',
      description: 'Opens a box.',
      kind: box,
      args: {},
      moves: [{ from: ['CLOSED'], to: ['OPEN'] }],
      by: [owner],
      guards: [
        {
          code: 'LIMIT',
          rule: 'Not too often',
          check: ({ record, config }) => (record.data.opened < config.settings.limit ? undefined : 'opened too often'),
        },
      ],
      effect: ({ record }) => ({ data: { ...record.data, opened: record.data.opened + 1 } }),
    }),
    Close: define.transition({
      title: 'Close',
      description: 'Closes a box.',
      kind: box,
      args: {},
      moves: [{ from: ['OPEN'], to: ['CLOSED', 'GONE'] }],
      by: [owner],
      effect: () => ({ state: 'CLOSED' }),
    }),
    Lose: define.transition({
      title: 'Lose',
      description: 'Leads out of its table.',
      kind: box,
      args: {},
      moves: [{ from: ['OPEN'], to: ['CLOSED', 'GONE'] }],
      by: [owner],
      effect: () => ({ state: 'OPEN' }),
    }),
    Swap: define.transition({
      title: 'Swap',
      description: 'Opens one box and closes another.',
      kind: box,
      args: { other: text({ title: 'Other box', maxLength: 64 }), as: text({ title: 'What becomes of it', maxLength: 64 }) },
      moves: [{ from: ['CLOSED'], to: ['OPEN'] }],
      also: [{ kind: box, moves: [{ from: ['OPEN', 'GONE'], to: ['CLOSED', 'GONE'] }] }],
      by: [owner],
      async effect({ tx, args }) {
        await tx.update(box, await tx.get(box, args.other), { state: args.as });
        return {};
      },
    }),
    Crash: define.read({ title: 'Crash', description: 'Fails.', args: {}, run: async () => Promise.reject(new Error('out of order')) }),
  },
});

const start = '2026-03-01T09:00:00.000Z';
const person = (mspId: string, ...roles: string[]): Caller => ({ mspId, organizationalUnits: ['client'], roles });
const keeper = person('AMSP', 'keeper');

let channel: TestChannel;
let requests = 0;
const call = async (caller: Caller, operation: string, args: object = {}, of: Contract = contract): Promise<Endorsement> =>
  channel.call(of, caller, operation, args);
const write = async (caller: Caller, operation: string, args: object = {}): Promise<Endorsement> =>
  call(caller, operation, { requestId: `r${(requests += 1)}`, ...args });
const codeOf = ({ ok, refusal }: Endorsement): string => (ok ? 'done' : (refusal?.code ?? ''));

async function propose(config: unknown = exampleConfig): Promise<string> {
  const { payload, refusal } = await write(person('AMSP', 'admin'), 'Init', { config });
  assert.equal(refusal, undefined);
  const hash = payload?.['hash'];
  assert.ok(typeof hash === 'string');
  return hash;
}

async function activate(): Promise<void> {
  const hash = await propose();
  for (const mspId of ['AMSP', 'BMSP', 'CMSP']) assert.equal(codeOf(await write(person(mspId, 'admin'), 'AcceptConfig', { hash })), 'done');
}

beforeEach(() => {
  channel = createTestChannel(start);
});

describe('the configuration', () => {
  test('holds once every member named in it has accepted exactly it', async () => {
    assert.equal(codeOf(await write(keeper, 'Make', { id: 'b' })), 'NOT_ACTIVE');
    const hash = await propose();
    assert.equal(codeOf(await write(person('AMSP', 'admin'), 'AcceptConfig', { hash: '0'.repeat(64) })), 'INVALID_ARG');
    for (const mspId of ['AMSP', 'BMSP']) {
      assert.equal(codeOf(await write(person(mspId, 'admin'), 'AcceptConfig', { hash })), 'done');
      assert.equal(codeOf(await write(keeper, 'Make', { id: 'b' })), 'NOT_ACTIVE');
    }
    const last: Caller = { mspId: 'CMSP', organizationalUnits: ['admin'], roles: [] };
    assert.equal((await write(last, 'AcceptConfig', { hash })).payload?.['state'], 'ACTIVE');
    assert.equal(codeOf(await write(keeper, 'Make', { id: 'b' })), 'done');
    assert.equal(codeOf(await write(person('AMSP', 'admin'), 'Init', { config: exampleConfig })), 'ILLEGAL_TRANSITION');
  });

  test('tells its way in events, as assets do', async () => {
    const changesOf = ({ event }: Endorsement) =>
      (JSON.parse(event?.payload ?? '') as { id: string; from: string | null; to: string; version: number }[]).map(
        ({ id, from, to, version }) => `${id} ${from} ${to} ${version}`,
      );
    const config = {
      ...exampleConfig,
      parties: exampleConfig.parties.slice(0, 1),
      clock: { timekeepers: ['AMSP'], quorum: 1, skewSec: 60 },
    };
    const admin = person('AMSP', 'admin');
    const proposed = await write(admin, 'Init', { config });
    const accepted = await write(admin, 'AcceptConfig', { hash: proposed.payload?.['hash'] });
    assert.deepEqual(changesOf(proposed), ['config null PROPOSED 1']);
    assert.deepEqual(changesOf(accepted), ['config PROPOSED ACTIVE 2']);
    assert.deepEqual(changesOf(await write(admin, 'AcceptConfig', { hash: proposed.payload?.['hash'] })), [], 'accepted already');
    channel.now = '2026-03-01T09:00:01.000Z';
    assert.deepEqual(changesOf(await write(admin, 'Tick')), ['clock RUNNING RUNNING 2']);
  });

  test('is proposed and accepted by administrators of members named in it only', async () => {
    for (const caller of [keeper, person('XMSP', 'admin')])
      assert.equal(codeOf(await write(caller, 'Init', { config: exampleConfig })), 'FORBIDDEN');
    const hash = await propose();
    for (const caller of [keeper, person('XMSP', 'admin')])
      assert.equal(codeOf(await write(caller, 'AcceptConfig', { hash })), 'FORBIDDEN');
  });

  test('a proposal can be replaced until it holds, and former acceptances do not count for the new one', async () => {
    const first = await propose();
    await write(person('BMSP', 'admin'), 'AcceptConfig', { hash: first });
    const second = await propose({ ...exampleConfig, settings: { limit: 5 } });
    assert.equal(codeOf(await write(person('CMSP', 'admin'), 'AcceptConfig', { hash: first })), 'INVALID_ARG');
    for (const mspId of ['AMSP', 'CMSP']) await write(person(mspId, 'admin'), 'AcceptConfig', { hash: second });
    assert.equal((await call(keeper, 'Config')).payload?.['state'], 'PROPOSED');
  });

  test('is refused when it does not make sense, with the path', async () => {
    const wrong: readonly (readonly [string, object])[] = [
      [
        'config.parties',
        {
          parties: [
            { mspId: 'AMSP', roles: [] },
            { mspId: 'AMSP', roles: [] },
          ],
        },
      ],
      ['config.parties[0].roles[0]', { parties: [{ mspId: 'AMSP', roles: ['king'] }] }],
      ['config.clock.timekeepers', { clock: { timekeepers: ['XMSP'], quorum: 1, skewSec: 60 } }],
      ['config.clock.quorum', { clock: { timekeepers: ['AMSP'], quorum: 2, skewSec: 60 } }],
      ['config.settings.limit', { settings: { limit: 0 } }],
      ['config.owner', { owner: 'AMSP' }],
    ];
    for (const [path, change] of wrong) {
      const { refusal } = await write(person('AMSP', 'admin'), 'Init', { config: { ...exampleConfig, ...change } });
      assert.deepEqual([refusal?.code, refusal?.path], ['INVALID_ARG', path]);
    }
  });
});

describe('the clock', () => {
  beforeEach(activate);

  test('a transaction far from it is refused, before and after', async () => {
    for (const [at, code] of [
      ['2026-03-01T09:01:00.000Z', 'done'],
      ['2026-03-01T09:01:00.001Z', 'CLOCK_SKEW'],
      ['2026-03-01T08:58:59.999Z', 'CLOCK_SKEW'],
      ['2026-03-01T08:59:00.000Z', 'done'],
    ] as const) {
      channel.now = at;
      assert.equal(codeOf(await write(keeper, 'Make', { id: `b${at.length}${requests}` })), code, at);
    }
  });

  test('moves when enough timekeepers have moved, and never back', async () => {
    const time = async () => (await call(keeper, 'Config')).payload?.['time'];
    channel.now = '2026-03-01T12:00:00.000Z';
    await write(person('AMSP', 'timekeeper'), 'Tick');
    assert.equal(await time(), start, 'one member alone does not move it');
    assert.equal(codeOf(await write(keeper, 'Make', { id: 'b' })), 'CLOCK_SKEW');
    channel.now = '2026-03-01T11:00:00.000Z';
    await write(person('CMSP', 'admin'), 'Tick');
    assert.equal(await time(), '2026-03-01T11:00:00.000Z', 'the latest time that two have reached');
    channel.now = '2026-03-01T10:00:00.000Z';
    assert.equal(codeOf(await write(person('CMSP', 'admin'), 'Tick')), 'CLOCK_SKEW');
    await write(person('BMSP', 'timekeeper'), 'Tick');
    assert.equal(await time(), '2026-03-01T11:00:00.000Z');
  });

  test('is moved by timekeepers only', async () => {
    for (const caller of [keeper, person('XMSP', 'timekeeper')]) assert.equal(codeOf(await write(caller, 'Tick')), 'FORBIDDEN');
  });

  test("a record's times never go back, though clients' clocks differ", async () => {
    channel.now = '2026-03-01T09:00:30.000Z';
    await write(keeper, 'Make', { id: 'b' });
    channel.now = '2026-03-01T09:00:10.000Z';
    await write(keeper, 'Open', { id: 'b' });
    assert.equal((await call(keeper, 'Get', { id: 'b' })).payload?.['updatedAt'], '2026-03-01T09:00:30.000Z');
  });
});

describe('a request', () => {
  beforeEach(activate);

  test('sent again gets the first answer and writes nothing; with other arguments it is a conflict', async () => {
    const args = { requestId: 'mine', id: 'b' };
    const first = await call(keeper, 'Make', args);
    channel.now = '2027-01-01T00:00:00.000Z';
    const again = await call(keeper, 'Make', { id: 'b', requestId: 'mine' });
    assert.deepEqual([again.payload, again.writes, again.event], [first.payload, [], undefined]);
    assert.equal(codeOf(await call(keeper, 'Make', { ...args, id: 'c' })), 'IDEMPOTENCY_CONFLICT');
    assert.equal(codeOf(await call(keeper, 'Open', args)), 'IDEMPOTENCY_CONFLICT');
  });

  test('whose arguments are wrong is told so first, and never as a fault of the contract', async () => {
    channel = createTestChannel(start);
    const wrong: readonly (readonly [path: string, args: object])[] = [
      ['id', { id: 'a/b' }],
      ['half', { id: 'b', half: 0.5 }],
      ['text', { id: 'b', text: '\ud800' }],
      ['deep', { id: 'b', deep: [[[[]]]] }],
      ['x'.repeat(64), { id: 'b', ['x'.repeat(100_000)]: 1 }],
    ];
    for (const [path, args] of wrong) {
      const { refusal } = await write(keeper, 'Make', args);
      assert.deepEqual([refusal?.code, refusal?.path], ['INVALID_ARG', path]);
      assert.ok((refusal?.message.length ?? 0) < 300);
    }
  });

  test('may come from a runner that tells more than this contract knows', async () => {
    const request = { operation: 'Meta', args: '', caller: { ...keeper, enrolmentId: 'eva' }, timestamp: start, transient: {} };
    assert.match(await contract.invoke(JSON.stringify(request), async () => '[null]'), /^{"ok":true/);
  });

  test("ids of one member do not stand in another's way", async () => {
    for (const mspId of ['AMSP', 'BMSP'])
      assert.equal(codeOf(await call(person(mspId, 'keeper'), 'Make', { requestId: 'same', id: mspId })), 'done');
  });

  test('is one JSON object with a request id, for an operation that exists', async () => {
    assert.deepEqual((await call(keeper, 'Make', { id: 'b' })).refusal?.path, 'requestId');
    assert.equal((await call(keeper, 'Fly')).refusal?.path, 'operation');
    for (const name of ['constructor', '__proto__', 'toString', '']) assert.equal(codeOf(await call(keeper, name)), 'INVALID_ARG');
    for (const args of ['[]', '7', 'null', '{', '"x"']) {
      const answer = await contract.invoke(JSON.stringify({ operation: 'Make', args, caller: keeper, timestamp: start }), async () => '[]');
      assert.match(answer, /INVALID_ARG/);
    }
  });
});

describe('an asset', () => {
  beforeEach(async () => {
    await activate();
    await write(keeper, 'Make', { id: 'b' });
  });

  test('moves along its table, each write counted and told in one event', async () => {
    const { event, payload } = await write(keeper, 'Open', { id: 'b' });
    assert.equal(event?.name, 'BOX.Open.v1');
    const [{ digest, ...change }] = JSON.parse(event.payload) as [{ digest: string }];
    assert.deepEqual(change, { kind: 'box', id: 'b', from: 'CLOSED', to: 'OPEN', version: 2, msp: 'AMSP' });
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.deepEqual([payload?.['id'], payload?.['state'], payload?.['version']], ['b', 'OPEN', 2]);
    assert.equal(codeOf(await write(keeper, 'Open', { id: 'b' })), 'ILLEGAL_TRANSITION');
    assert.equal(codeOf(await write(person('BMSP', 'keeper'), 'Close', { id: 'b' })), 'FORBIDDEN');
    assert.equal(codeOf(await write(keeper, 'Close', { id: 'nothing' })), 'NOT_FOUND');
    assert.equal(codeOf(await write(keeper, 'Make', { id: 'b' })), 'DUPLICATE');
  });

  test('a guard speaks with its own code', async () => {
    for (let i = 0; i < 2; i += 1) {
      await write(keeper, 'Open', { id: 'b' });
      await write(keeper, 'Close', { id: 'b' });
    }
    assert.equal(codeOf(await write(keeper, 'Open', { id: 'b' })), 'LIMIT');
  });

  test('an effect that leads out of the table is a fault of the contract, and nothing is written', async () => {
    await write(keeper, 'Open', { id: 'b' });
    const { refusal, writes } = await write(keeper, 'Lose', { id: 'b' });
    assert.deepEqual([refusal?.code, writes], ['INTERNAL', []]);
    assert.equal((await call(keeper, 'Crash')).refusal?.message, 'out of order');
  });

  test('frozen by a regulator keeps its state and does not move until the same regulator lets it go', async () => {
    const regulator = person('CMSP', 'regulator');
    const order = { id: 'b', reason: 'court order', orderRef: '2026/17' };
    assert.equal(codeOf(await write(keeper, 'Freeze', order)), 'FORBIDDEN');
    assert.equal(codeOf(await write(regulator, 'Freeze', order)), 'done');
    assert.equal(codeOf(await write(keeper, 'Open', { id: 'b' })), 'FROZEN');
    assert.equal(codeOf(await write(regulator, 'Freeze', order)), 'FROZEN');
    assert.equal((await call(keeper, 'Get', { id: 'b' })).payload?.['state'], 'CLOSED');
    assert.equal(codeOf(await write(keeper, 'Unfreeze', { id: 'b' })), 'FORBIDDEN');
    assert.equal(codeOf(await write(regulator, 'Unfreeze', { id: 'b' })), 'done');
    assert.equal(codeOf(await write(regulator, 'Unfreeze', { id: 'b' })), 'ILLEGAL_TRANSITION');
    assert.equal(codeOf(await write(keeper, 'Open', { id: 'b' })), 'done');
  });

  test('moves along the table, too, when an operation on another takes it along', async () => {
    await write(keeper, 'Make', { id: 'c' });
    await write(keeper, 'Open', { id: 'c' });
    const order = { id: 'c', reason: 'court order', orderRef: '2026/17' };
    const swap = async (as: string) => write(keeper, 'Swap', { id: 'b', other: 'c', as });
    assert.equal(codeOf(await swap('OPEN')), 'INTERNAL');
    await write(person('CMSP', 'regulator'), 'Freeze', order);
    assert.equal(codeOf(await swap('CLOSED')), 'FROZEN');
    await write(person('CMSP', 'regulator'), 'Unfreeze', { id: 'c' });
    const { event } = await swap('GONE');
    assert.deepEqual(
      (JSON.parse(event?.payload ?? '') as { id: string; from: string; to: string }[]).map(({ id, from, to }) => `${id} ${from} ${to}`),
      ['c OPEN GONE', 'b CLOSED OPEN'],
    );
    await write(keeper, 'Close', { id: 'b' });
    assert.match((await swap('CLOSED')).refusal?.message ?? '', /c is GONE, which is final/);
  });

  test('is found by its state, a page at a time, and where it was is told', async () => {
    for (const id of ['c', 'd', 'e']) await write(keeper, 'Make', { id });
    await write(keeper, 'Open', { id: 'd' });
    const ids = ({ payload }: Endorsement) => (payload as unknown as { records: { id: string }[] }).records.map(({ id }) => id);
    const first = await call(keeper, 'List', { state: 'CLOSED', pageSize: 2 });
    const second = await call(keeper, 'List', { state: 'CLOSED', pageSize: 2, bookmark: first.payload?.['bookmark'] });
    assert.deepEqual([ids(first), ids(second), ids(await call(keeper, 'List', { state: 'OPEN' }))], [['b', 'c'], ['e'], ['d']]);
    for (const bookmark of ['asset/', 'index/box/state/CLOSED/', '0', '\u0001'])
      assert.ok(ids(await call(keeper, 'List', { state: 'OPEN', bookmark })).every((id) => id === 'd'), 'a bookmark leads nowhere else');
    assert.equal((await call(keeper, 'List', { state: 'ROUND' })).refusal?.path, 'state');
    assert.equal((await call(keeper, 'List', { state: 'OPEN', pageSize: 101 })).refusal?.path, 'pageSize');
    const revisions = (await call(keeper, 'History', { id: 'd' })).payload?.['revisions'] as { record: { state: string } }[];
    assert.deepEqual(
      revisions.map(({ record }) => record.state),
      ['OPEN', 'CLOSED'],
    );
  });
});

test('the metadata says what a form, a diagram and a client need', async () => {
  const metadata = JSON.parse(contract.describe()) as {
    operations: { name: string; event?: string; errors: string[]; by?: unknown; transitions?: unknown }[];
  };
  const open = metadata.operations.find(({ name }) => name === 'Open');
  assert.deepEqual(open?.transitions, [{ from: 'CLOSED', to: 'OPEN' }]);
  assert.deepEqual(open?.by, [{ name: 'owner', title: 'the owner', roles: ['keeper'] }]);
  assert.equal(open?.event, 'BOX.Open.v1');
  assert.ok(open?.errors.includes('LIMIT'));
  assert.deepEqual(
    metadata.operations.map(({ name }) => name),
    [
      'Init',
      'AcceptConfig',
      'Tick',
      'Make',
      'Open',
      'Close',
      'Lose',
      'Swap',
      'Crash',
      'Freeze',
      'Unfreeze',
      'Get',
      'History',
      'List',
      'Config',
      'Meta',
    ],
  );
  assert.deepEqual((await call(keeper, 'Meta')).payload, metadata);
});
