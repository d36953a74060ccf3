import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAt } from './is-at.ts';

test('a problem is at its place, and at what that is within; not where a name or a number only begins the same', () => {
  assert.ok(isAt('name', 'name'));
  assert.ok(isAt('roles[0]', 'roles'));
  assert.ok(isAt('members[0].nodes[1].name', 'members[0].nodes'));
  assert.ok(!isAt('members[10].name', 'members[1]'));
  assert.ok(!isAt('storageClass', 'storage'));
});
