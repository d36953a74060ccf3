import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientOf, cny, due, inAnHour, issueArgs, members, notesOf, openTrade, type StoredNote } from '../test/trade.ts';
import * as v1 from './v1.ts';
import * as v2 from './v2.ts';

const half = {
  parts: [
    { id: 'n1', amount: cny(6_000_000) },
    { id: 'n2', amount: cny(4_000_000) },
  ],
};

describe('a receivable', () => {
  test('goes from the debtor through suppliers to the bank', async () => {
    const { must, call, held } = await openTrade(v1);
    await held('rcv');
    await must('supplier', 'Split', { id: 'rcv', ...half });
    await must('supplier', 'Offer', { id: 'n1', to: members.carrier, expiry: inAnHour });
    await must('carrier', 'Accept', { id: 'n1', newId: 'c1' });
    await must('carrier', 'Offer', { id: 'c1', to: members.bank, expiry: inAnHour });
    await must('bank', 'Accept', { id: 'c1', newId: 'b1' });
    const { payload } = await call('bank', 'Lineage', { id: 'b1' });
    assert.deepEqual(
      (payload as unknown as { path: StoredNote[] }).path.map(({ id, state }) => `${id} ${state}`),
      ['b1 HELD', 'c1 SPENT', 'n1 SPENT', 'rcv SPENT'],
    );
  });

  test('shows a long way to its root a piece at a time', async () => {
    const { must, call, held } = await openTrade(v1);
    await held('s0', 1000);
    for (let i = 0; i < 210; i += 1)
      await must('supplier', 'Split', {
        id: `s${i}`,
        parts: [
          { id: `s${i + 1}`, amount: cny(999 - i) },
          { id: `rest${i}`, amount: cny(1) },
        ],
      });
    const idsOf = async (id: string) => {
      const { path, next } = (await call('bank', 'Lineage', { id })).payload as unknown as { path: StoredNote[]; next?: string };
      return { ids: path.map((note) => note.id), next };
    };
    const first = await idsOf('s210');
    assert.deepEqual([first.ids.length, first.ids[0], first.next], [200, 's210', 's10']);
    const second = await idsOf('s10');
    assert.deepEqual([second.ids.length, second.ids.at(-1), second.next], [11, 's0', undefined]);
  });

  test('issued by the supplier is confirmed by the debtor, and by nobody else', async () => {
    const { must, refused } = await openTrade(v1);
    await must('supplier', 'Issue', issueArgs('rcv'));
    await refused('FORBIDDEN', 'supplier', 'Confirm', { id: 'rcv' });
    await refused('FORBIDDEN', 'bank', 'Confirm', { id: 'rcv' });
    await must('core', 'Confirm', { id: 'rcv' });
  });

  test('does not move before it is confirmed', async () => {
    const { must, refused } = await openTrade(v1);
    await must('core', 'Issue', issueArgs('rcv'));
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Split', { id: 'rcv', ...half });
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: inAnHour });
  });

  test('rejected is void, and its documents may back another one', async () => {
    const { must, refused } = await openTrade(v1);
    const { docs } = issueArgs('x');
    await must('core', 'Issue', { ...issueArgs('rcv'), docs });
    await refused('DUPLICATE', 'core', 'Issue', { ...issueArgs('again'), docs });
    await must('supplier', 'Reject', { id: 'rcv', reason: 'goods were damaged' });
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Confirm', { id: 'rcv' });
    await must('core', 'Issue', { ...issueArgs('again'), docs });
  });

  test('stands on documents of which none is named twice', async () => {
    const { refused } = await openTrade(v1);
    const { docs } = issueArgs('x');
    await refused('DUPLICATE', 'core', 'Issue', { ...issueArgs('rcv'), docs: [...docs, ...docs] });
  });

  test('has a due date ahead, within the term', async () => {
    const { refused, must } = await openTrade(v1);
    for (const day of ['2026-03-01', '2025-12-31', '2027-03-02'])
      await refused('LIMIT', 'core', 'Issue', { ...issueArgs('rcv'), due: day });
    await must('core', 'Issue', { ...issueArgs('rcv'), due: '2027-03-01' });
  });

  test('is between two members in the roles that were agreed on', async () => {
    const { refused } = await openTrade(v1);
    await refused('INVALID_ARG', 'carrier', 'Issue', { ...issueArgs('rcv'), debtor: members.carrier, creditor: members.carrier });
    await refused('INVALID_ARG', 'core', 'Issue', { ...issueArgs('rcv'), creditor: members.bank });
    await refused('INVALID_ARG', 'supplier', 'Issue', { ...issueArgs('rcv'), debtor: members.bank });
  });
});

describe('splitting', () => {
  test('to the cent: parts that differ from the whole are refused', async () => {
    const { held, refused, must } = await openTrade(v1);
    await held('rcv', 100);
    const parts = (...amounts: number[]) => ({
      id: 'rcv',
      parts: amounts.map((amount, index) => ({ id: `p${index}`, amount: cny(amount) })),
    });
    for (const amounts of [
      [60, 39],
      [60, 41],
      [100, 100],
    ])
      await refused('CONSERVATION', 'supplier', 'Split', parts(...amounts));
    await refused('CONSERVATION', 'supplier', 'Split', {
      id: 'rcv',
      parts: [
        { id: 'a', amount: { minor: '60', ccy: 'USD' } },
        { id: 'b', amount: cny(40) },
      ],
    });
    await refused('INVALID_ARG', 'supplier', 'Split', parts(100));
    await refused('INVALID_ARG', 'supplier', 'Split', parts(100, 0));
    await refused('DUPLICATE', 'supplier', 'Split', {
      id: 'rcv',
      parts: [
        { id: 'a', amount: cny(60) },
        { id: 'a', amount: cny(40) },
      ],
    });
    await refused('DUPLICATE', 'supplier', 'Split', {
      id: 'rcv',
      parts: [
        { id: 'rcv', amount: cny(60) },
        { id: 'b', amount: cny(40) },
      ],
    });
    await must('supplier', 'Split', parts(60, 40));
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Split', parts(60, 40));
  });

  test('into two hundred parts of one cent', async () => {
    const { held, must, channel } = await openTrade(v1);
    await held('rcv', 200);
    await must('supplier', 'Split', { id: 'rcv', parts: Array.from({ length: 200 }, (_, index) => ({ id: `p${index}`, amount: cny(1) })) });
    assert.equal(notesOf(channel).filter(({ state }) => state === 'HELD').length, 200);
  });
});

describe('an offer', () => {
  test('is answered by its receiver only, and locks the note', async () => {
    const { held, must, refused } = await openTrade(v1);
    await held('rcv');
    await must('supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: inAnHour });
    await refused('FORBIDDEN', 'carrier', 'Accept', { id: 'rcv', newId: 'b1' });
    await refused('FORBIDDEN', 'supplier', 'Accept', { id: 'rcv', newId: 'b1' });
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Split', { id: 'rcv', ...half });
    await refused('ILLEGAL_TRANSITION', 'supplier', 'Offer', { id: 'rcv', to: members.carrier, expiry: inAnHour });
    await refused('FORBIDDEN', 'carrier', 'Decline', { id: 'rcv' });
    await refused('FORBIDDEN', 'bank', 'Withdraw', { id: 'rcv' });
    await must('bank', 'Accept', { id: 'rcv', newId: 'b1' });
  });

  test('declined or withdrawn gives the note back as it was', async () => {
    const { held, must, call } = await openTrade(v1);
    await held('rcv');
    const before = (await call('bank', 'Get', { id: 'rcv' })).payload?.['data'];
    for (const [member, answer] of [
      ['bank', 'Decline'],
      ['supplier', 'Withdraw'],
    ] as const) {
      await must('supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: inAnHour });
      await must(member, answer, { id: 'rcv' });
      assert.deepEqual((await call('bank', 'Get', { id: 'rcv' })).payload?.['data'], before);
    }
  });

  test('that expired counts for nothing, and the note moves again', async () => {
    const { held, must, refused, channel } = await openTrade(v1);
    await held('rcv');
    await must('supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: '2026-03-01T09:01:00Z' });
    channel.now = '2026-03-01T09:01:00.000Z';
    const why = await refused('EXPIRED', 'bank', 'Accept', { id: 'rcv', newId: 'b1' });
    assert.match(why, /the time in which note rcv was LOCKED is over, and it is HELD/);
    const { event } = await must('supplier', 'Split', { id: 'rcv', ...half });
    const changes = JSON.parse(event?.payload ?? '[]') as { id: string; from: string | null; to: string }[];
    assert.deepEqual(
      changes.map(({ id, from, to }) => `${id} ${from} ${to}`).sort(),
      ['n1 null HELD', 'n2 null HELD', 'rcv HELD SPENT'],
      'as in the table',
    );
  });

  test('goes to another member who may hold notes, never to the debtor', async () => {
    const { held, refused } = await openTrade(v1);
    await held('rcv');
    for (const to of [members.supplier, members.core, 'StrangerMSP'])
      await refused('INVALID_ARG', 'supplier', 'Offer', { id: 'rcv', to, expiry: inAnHour });
    await refused('INVALID_ARG', 'supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: '2026-03-01T09:00:00Z' });
  });

  test('is not made beyond the limit of hops', async () => {
    const { held, must, refused } = await openTrade(v1);
    await held('h0');
    const way = ['supplier', 'carrier', 'supplier', 'carrier'] as const;
    for (let hop = 0; hop < 3; hop += 1) {
      await must(way[hop]!, 'Offer', { id: `h${hop}`, to: members[way[hop + 1]!], expiry: inAnHour });
      await must(way[hop + 1]!, 'Accept', { id: `h${hop}`, newId: `h${hop + 1}` });
    }
    await refused('LIMIT', 'carrier', 'Offer', { id: 'h3', to: members.bank, expiry: inAnHour });
  });

  test('cannot be made once the note is due', async () => {
    const { held, must, refused, channel } = await openTrade(v1);
    await held('rcv');
    channel.now = `${due}T00:00:00.000Z`;
    for (const member of ['core', 'supplier'] as const)
      await channel.call(v1, clientOf(member, ['timekeeper']), 'Tick', { requestId: `tick-${member}` });
    await refused('EXPIRED', 'supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: '2026-07-01T00:00:00Z' });
    await refused('EXPIRED', 'supplier', 'Split', { id: 'rcv', ...half });
    await must('supplier', 'Get', { id: 'rcv' });
  });
});

describe('two transactions at once', () => {
  test('a split and an acceptance of the same note: one wins', async () => {
    const { held, must, channel } = await openTrade(v1);
    await held('rcv');
    const split = await channel.endorse(v1, clientOf('supplier'), 'Split', { requestId: 'a', id: 'rcv', ...half });
    await must('supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: inAnHour });
    assert.ok(split.ok);
    assert.equal(channel.commit(split), false);
  });

  test('two receivables on one document: one wins', async () => {
    const { channel } = await openTrade(v1);
    const { docs } = issueArgs('x');
    const [first, second] = await Promise.all(
      ['a', 'b'].map(async (id) => channel.endorse(v1, clientOf('core'), 'Issue', { requestId: id, ...issueArgs(id), docs })),
    );
    assert.deepEqual([channel.commit(first!), channel.commit(second!)], [true, false]);
  });
});

describe('version 2', () => {
  test('reads and moves what version 1 wrote', async () => {
    const { held, must, upgrade, channel, call } = await openTrade(v1);
    await held('rcv');
    await must('supplier', 'Split', { id: 'rcv', ...half });
    await must('supplier', 'Offer', { id: 'n1', to: members.bank, expiry: inAnHour });
    upgrade(v2);
    await must('bank', 'Accept', { id: 'n1', newId: 'b1' });
    assert.equal((await call('bank', 'Config')).payload?.['state'], 'ACTIVE');
    assert.equal((await call('bank', 'Meta')).payload?.['version'], '2.0.0');
    for (const { id } of notesOf(channel)) await must('bank', 'Get', { id });
  });

  test('a note is void when debtor and holder both cancel it', async () => {
    const { held, must, refused, upgrade, call } = await openTrade(v1);
    await held('rcv');
    await refused('INVALID_ARG', 'core', 'Cancel', { id: 'rcv' });
    upgrade(v2);
    await refused('FORBIDDEN', 'bank', 'Cancel', { id: 'rcv' });
    assert.equal((await must('core', 'Cancel', { id: 'rcv' })).payload?.['state'], 'HELD');
    await refused('DUPLICATE', 'core', 'Cancel', { id: 'rcv' });
    assert.equal((await must('supplier', 'Cancel', { id: 'rcv' })).payload?.['state'], 'VOID');
    assert.equal((await call('core', 'Get', { id: 'rcv' })).payload?.['state'], 'VOID');
  });

  test('an agreement to cancel ends when the note moves', async () => {
    const { held, must, call } = await openTrade(v2);
    await held('rcv');
    await must('core', 'Cancel', { id: 'rcv' });
    await must('supplier', 'Offer', { id: 'rcv', to: members.bank, expiry: inAnHour });
    await must('supplier', 'Withdraw', { id: 'rcv' });
    assert.equal((await must('supplier', 'Cancel', { id: 'rcv' })).payload?.['state'], 'HELD');
    await must('core', 'Cancel', { id: 'rcv' });
    assert.equal((await call('core', 'Get', { id: 'rcv' })).payload?.['state'], 'VOID');
  });

  test('a receivable cancelled as a whole frees its documents', async () => {
    const { must } = await openTrade(v2);
    const args = issueArgs('rcv');
    await must('core', 'Issue', args);
    await must('supplier', 'Confirm', { id: 'rcv' });
    await must('core', 'Cancel', { id: 'rcv' });
    await must('supplier', 'Cancel', { id: 'rcv' });
    await must('core', 'Issue', { ...args, id: 'again' });
  });
});
