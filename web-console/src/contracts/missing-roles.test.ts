import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingRoles } from './missing-roles.ts';

test('a role is missing when no member acts in it', () => {
  const members = [{ applicationRoles: ['admin'] }, { applicationRoles: ['admin', 'debtor'] }];
  assert.deepEqual(missingRoles(['admin', 'debtor', 'funder', 'funder'], members), ['funder']);
  assert.deepEqual(missingRoles(['admin'], []), ['admin']);
});
