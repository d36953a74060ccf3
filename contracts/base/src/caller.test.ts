import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorise, type Actor } from './caller.ts';

const context = { caller: { mspId: 'AMSP', organizationalUnits: ['client'], roles: ['holder'] } };
const parties = [{ mspId: 'AMSP', roles: ['holder'] }];
const actor = (roles: readonly string[]): Actor<typeof context> => ({ name: 'holder', title: 'the holder', roles, is: () => true });

test('an actor without roles is nobody, and takes nothing from the others', () => {
  assert.throws(() => authorise('Confirm', [actor([])], context, parties), /Confirm is for the holder/);
  const other = actor(['holder']);
  assert.equal(authorise('Confirm', [actor([]), other], context, parties), other);
});
