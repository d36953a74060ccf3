import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOf, cny, inAnHour, issueArgs, members, openTrade, type Member } from '../test/trade.ts';
import * as v2 from './v2.ts';

// Every operation by every member in every role, each on a note that is ready for it: exactly the entitled ones may.

const operations: Record<
  string,
  { readonly before: readonly string[]; readonly args: () => object; readonly entitled: readonly string[] }
> = {
  Issue: { before: [], args: () => issueArgs('new'), entitled: ['core debtor', 'supplier supplier'] },
  Confirm: { before: ['Issue'], args: () => ({ id: 'n' }), entitled: ['supplier supplier'] },
  Reject: { before: ['Issue'], args: () => ({ id: 'n', reason: 'no' }), entitled: ['supplier supplier'] },
  Split: {
    before: ['Issue', 'Confirm'],
    args: () => ({
      id: 'n',
      parts: [
        { id: 'p1', amount: cny(1) },
        { id: 'p2', amount: cny(9_999_999) },
      ],
    }),
    entitled: ['supplier supplier'],
  },
  Offer: { before: ['Issue', 'Confirm'], args: () => ({ id: 'n', to: members.bank, expiry: inAnHour }), entitled: ['supplier supplier'] },
  Accept: { before: ['Issue', 'Confirm', 'Offer'], args: () => ({ id: 'n', newId: 'c' }), entitled: ['bank funder'] },
  Decline: { before: ['Issue', 'Confirm', 'Offer'], args: () => ({ id: 'n' }), entitled: ['bank funder'] },
  Withdraw: { before: ['Issue', 'Confirm', 'Offer'], args: () => ({ id: 'n' }), entitled: ['supplier supplier'] },
  Cancel: { before: ['Issue', 'Confirm'], args: () => ({ id: 'n' }), entitled: ['core debtor', 'supplier supplier'] },
};
const preparations: Record<string, readonly [Member, () => object]> = {
  Issue: ['core', () => issueArgs('n')],
  Confirm: ['supplier', () => ({ id: 'n' })],
  Offer: ['supplier', () => ({ id: 'n', to: members.bank, expiry: inAnHour })],
};

test('every write of the table is in this matrix', () => {
  const { operations: all } = JSON.parse(v2.describe()) as { operations: { name: string; type: string }[] };
  assert.deepEqual(
    all
      .filter(({ type, name }) => type === 'write' && !['Freeze', 'Unfreeze'].includes(name))
      .map(({ name }) => name)
      .sort(),
    Object.keys(operations).sort(),
  );
});

for (const [operation, { before, args, entitled }] of Object.entries(operations)) {
  test(`${operation} is for ${entitled.join(', ')}`, async () => {
    const { must, channel } = await openTrade(v2);
    for (const name of before) {
      const [member, argsOf] = preparations[name]!;
      await must(member, name, argsOf());
    }
    const allowed: string[] = [];
    for (const member of Object.keys(members) as Member[]) {
      for (const role of ['debtor', 'supplier', 'funder', 'admin', 'timekeeper', 'regulator', 'nothing', 'DEBTOR']) {
        const { ok, refusal } = await channel.endorse(v2, clientOf(member, [role]), operation, { requestId: 'matrix', ...args() });
        if (ok) allowed.push(`${member} ${role}`);
        else assert.equal(refusal?.code, 'FORBIDDEN', `${member} ${role}: ${refusal?.message}`);
      }
      const { refusal } = await channel.endorse(v2, clientOf(member, []), operation, { requestId: 'matrix', ...args() });
      assert.equal(refusal?.code, 'FORBIDDEN');
    }
    assert.deepEqual(allowed, entitled);
  });
}

test('a stranger to the configuration may nothing, whatever its certificate says', async () => {
  const { channel } = await openTrade(v2);
  const { refusal } = await channel.endorse(
    v2,
    { mspId: 'StrangerMSP', organizationalUnits: ['admin'], roles: ['debtor', 'supplier', 'admin'] },
    'Issue',
    { requestId: 'x', ...issueArgs('n'), debtor: 'StrangerMSP' },
  );
  assert.equal(refusal?.code, 'FORBIDDEN');
});
