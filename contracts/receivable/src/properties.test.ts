import type { Contract } from '@guildhall/contract-base';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { apportion } from '@guildhall/contract-base';
import {
  clientOf,
  cny,
  issueArgs,
  members,
  notesOf,
  openTrade,
  type Member,
  type StoredNote,
  type Trade,
} from '../test/trade.ts';
import * as v1 from './v1.ts';
import * as v2 from './v2.ts';

// Random runs: anybody tries anything on any note, sensible or not, and sometimes time passes and offers end. Whatever is refused writes
// nothing; after whatever is done the invariants hold.

interface Step {
  readonly member: Member;
  /** Whoever may do it does it, on a note that is alive. */
  readonly sensible: boolean;
  readonly operation: string;
  readonly note: number;
  readonly other: number;
  readonly weights: readonly number[];
}

const step: fc.Arbitrary<Step> = fc.record({
  member: fc.constantFrom(...(Object.keys(members) as Member[])),
  sensible: fc.boolean(),
  operation: fc.constantFrom(
    'Issue',
    'Confirm',
    'Confirm',
    'Reject',
    'Split',
    'Split',
    'Split',
    'Offer',
    'Offer',
    'Offer',
    'Accept',
    'Accept',
    'Decline',
    'Withdraw',
    'Cancel',
    'Cancel',
    'Wait',
    'Wait',
  ),
  note: fc.nat(),
  other: fc.nat(),
  weights: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 5 }),
});

type Transitions = readonly { readonly from: string | null; readonly to: string }[];

interface Meta {
  readonly operations: readonly {
    readonly name: string;
    readonly transitions?: Transitions;
    readonly also?: readonly { readonly transitions: Transitions }[];
    readonly errors: readonly string[];
  }[];
}

/** What an operation's table allows, from the metadata: for the note that it is about, for others, and as refusals. */
function tableOf(contract: Contract, operation: string): Record<'own' | 'also' | 'errors', ReadonlySet<string>> {
  const { operations } = JSON.parse(contract.describe()) as Meta;
  const { transitions = [], also = [], errors = ['INVALID_ARG'] } = operations.find(({ name }) => name === operation) ?? {};
  const rows = (moves: Transitions) => new Set(moves.map(({ from, to }) => `${from}>${to}`));
  return { own: rows(transitions), also: rows(also.flatMap((side) => side.transitions)), errors: new Set(errors) };
}

const minute = 60_000;

async function wait({ channel }: Trade, contract: Contract, index: number): Promise<void> {
  channel.now = new Date(Date.parse(channel.now) + 61 * minute).toISOString();
  for (const member of ['core', 'bank'] as const)
    assert.ok((await channel.call(contract, clientOf(member, ['timekeeper']), 'Tick', { requestId: `t${index}` })).ok);
}

function argsOf({ operation, other, weights }: Step, note: StoredNote | undefined, fresh: string, now: string): object {
  const id = note?.id ?? 'nothing';
  const to = Object.values(members)[other % 4];
  switch (operation) {
    case 'Issue':
      return { ...issueArgs(fresh), debtor: other % 2 === 0 ? members.core : members.carrier, face: cny(1 + (other % 100_000)) };
    case 'Reject':
      return { id, reason: 'no' };
    case 'Split': {
      const shares = apportion(
        BigInt(note?.data.face.minor ?? 7),
        weights.map((weight, index) => ({ id: `${fresh}.${index}`, weight: BigInt(weight) })),
      );
      return { id, parts: [...shares].map(([part, share]) => ({ id: part, amount: cny(share) })) };
    }
    case 'Offer':
      return { id, to, expiry: new Date(Date.parse(now) + 60 * minute).toISOString() };
    case 'Accept':
      return { id, newId: fresh };
    default:
      return { id };
  }
}

const sumBy = (notes: readonly StoredNote[], keyOf: (note: StoredNote) => string | undefined): Map<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const note of notes) {
    const key = keyOf(note);
    if (key !== undefined) sums.set(key, (sums.get(key) ?? 0n) + BigInt(note.data.face.minor));
  }
  return sums;
};

function checkInvariants(notes: readonly StoredNote[], former: ReadonlyMap<string, StoredNote>): void {
  const worth = sumBy(notes, ({ state, data }) => (state === 'SPENT' ? undefined : data.root));
  const children = sumBy(notes, ({ data }) => data.parent);
  const byId = new Map(notes.map((note) => [note.id, note]));
  for (const { id, state, data } of notes) {
    const root = byId.get(data.root);
    const face = BigInt(data.face.minor);
    if (id === data.root) assert.equal(worth.get(id), face, 'R1: the leaves are worth the face of the root');
    assert.equal(
      children.get(id),
      state === 'SPENT' ? face : undefined,
      'R1, R2: exactly what is spent has children, and they are worth it',
    );
    assert.equal(data.debtor, root?.data.debtor, 'R4: the debtor is fixed');
    assert.ok(root?.state !== 'ISSUED' || id === root.id, 'R4: nothing moves before it is confirmed');
  }
  for (const [id, note] of former)
    if (note.state === 'SPENT' || note.state === 'VOID') assert.deepEqual(byId.get(id), note, 'R2: what is final stays as it is');
}

function entitled({ operation, member, sensible }: Step, note: StoredNote | undefined): Member {
  if (!sensible || !note) return member;
  const mspId = operation === 'Accept' || operation === 'Decline' ? note.data.offer?.to : note.data.holder;
  return (Object.keys(members) as Member[]).find((name) => members[name] === mspId) ?? member;
}

/** Does one step by two endorsers and commits it; tells whether it was done, and whether on a note whose offer had ended. */
async function perform(trade: Trade, contract: Contract, current: Step, index: number): Promise<'refused' | 'done' | 'done after an offer'> {
  const { channel } = trade;
  const before = notesOf(channel);
  const former = new Map(before.map((note) => [note.id, note]));
  const candidates = current.sensible ? before.filter(({ state }) => state !== 'SPENT' && state !== 'VOID') : before;
  const note = candidates[current.note % Math.max(1, candidates.length)];
  const args = { requestId: `s${index}`, ...argsOf(current, note, `f${index}`, channel.now) };
  const caller = clientOf(entitled(current, note));
  const [answer, second] = await Promise.all([1, 2].map(async () => channel.endorse(contract, caller, current.operation, args)));
  assert.equal(answer?.bytes, second?.bytes, 'two endorsers say the same to the byte');
  assert.ok(answer);
  if (!answer.ok) {
    assert.deepEqual(answer.writes, []);
    const code = answer.refusal?.code ?? '';
    assert.ok(tableOf(contract, current.operation).errors.has(code), `the metadata tells of ${code}: ${answer.refusal?.message}`);
    return 'refused';
  }
  assert.ok(channel.commit(answer));
  const ended = checkEvent(answer.event, contract, former, current.operation);
  checkInvariants(notesOf(channel), former);
  const again = await channel.endorse(contract, caller, current.operation, args);
  assert.deepEqual(
    [again.payload, again.writes, again.event],
    [answer.payload, [], undefined],
    'sent again: the first answer, and no write',
  );
  return ended ? 'done after an offer' : 'done';
}

function checkEvent(
  event: { readonly name: string; readonly payload: string } | undefined,
  contract: Contract,
  former: ReadonlyMap<string, StoredNote>,
  operation: string,
): boolean {
  assert.equal(event?.name, `RCV.${operation}.v1`);
  const changes = JSON.parse(event.payload) as { id: string; from: string | null; to: string; version: number }[];
  const { own, also } = tableOf(contract, operation);
  const [moved, ...more] = changes.toSorted((a, b) => Number(a.from === null) - Number(b.from === null));
  assert.ok(own.has(`${moved?.from}>${moved?.to}`), `the move is in the table: ${event.payload}`);
  for (const { from, to } of more) assert.ok(also.has(`${from}>${to}`), `so is what comes with it: ${event.payload}`);
  for (const { id, version } of changes) assert.equal(version, (former.get(id)?.version ?? 0) + 1);
  return former.get(moved?.id ?? '')?.state === 'LOCKED' && moved?.from === 'HELD';
}

for (const [name, contract] of [
  ['version 1', v1],
  ['version 2', v2],
] as const) {
  test(`random runs of ${name} keep R1, R2 and R4`, async () => {
    const outcomes: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), async (steps) => {
        const trade = await openTrade(contract);
        for (const id of ['a', 'b']) await trade.held(id, 99_999);
        for (const [index, current] of steps.entries()) {
          if (current.operation === 'Wait') await wait(trade, contract, index);
          else outcomes.push(await perform(trade, contract, current, index));
        }
      }),
      { numRuns: 30 },
    );
    const count = Object.fromEntries(Map.groupBy(outcomes, (outcome) => outcome).entries().map(([outcome, all]) => [outcome, all.length]));
    assert.ok((count['done'] ?? 0) > 100 && (count['done after an offer'] ?? 0) > 0, `the runs did something: ${JSON.stringify(count)}`);
  });
}

test('whatever the arguments are, they are answered or refused, and never a fault of the contract', async () => {
  const trade = await openTrade(v2);
  await trade.held('rcv');
  const { operations } = JSON.parse(v2.describe()) as { operations: { name: string; args: { properties?: object } }[] };
  const call = fc.constantFrom(...operations).chain(({ name, args }) =>
    fc.record({
      name: fc.constant(name),
      args: fc.oneof(
        fc.json().filter((json) => json.startsWith('{')),
        fc.dictionary(
          fc.constantFrom(...Object.keys(args.properties ?? {}), 'constructor', '__proto__'),
          fc.oneof(fc.constantFrom('rcv', members.supplier, '', '\ud800', '\u0000', -0, 1e308, 10n ** 20n), fc.anything(), fc.string({ unit: 'binary' })),
        ).map((given) =>
          JSON.stringify({ requestId: 'any', id: 'rcv', ...given }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        ),
      ),
    }),
  );
  const ledger = async (ask: string, asked: string): Promise<string> => {
    if (ask === 'get') return JSON.stringify((JSON.parse(asked) as string[]).map((key) => trade.channel.state.get(key) ?? null));
    return ask === 'page' ? '{"items":[],"bookmark":""}' : '[]';
  };
  await fc.assert(
    fc.asyncProperty(call, fc.constantFrom<Member>('core', 'supplier', 'bank'), async ({ name, args }, member) => {
      const request = { operation: name, args, caller: clientOf(member), timestamp: trade.channel.now };
      const answer = await v2.invoke(JSON.stringify(request), ledger);
      const { ok, message = '{}' } = JSON.parse(answer) as { ok: boolean; message?: string };
      const { code } = JSON.parse(message) as { code?: string };
      assert.ok(ok || code !== 'INTERNAL', message);
    }),
    { numRuns: 1500 },
  );
});

describe('splitting in proportion', () => {
  test('loses and makes nothing, for any amount into up to two hundred parts', async () => {
    const trade = await openTrade(v1);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 200n, max: 10n ** 15n }),
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 200 }),
        async (total, weights) => {
          count += 1;
          const shares = apportion(
            total,
            weights.map((weight, index) => ({ id: `x${count}.${index}`, weight: BigInt(weight) })),
          );
          const parts = [...shares].filter(([, share]) => share > 0n).map(([id, share]) => ({ id, amount: cny(share) }));
          fc.pre(parts.length > 1);
          await trade.held(`x${count}`, total);
          await trade.must('supplier', 'Split', { id: `x${count}`, parts });
        },
      ),
      { numRuns: 25 },
    );
  });
});
