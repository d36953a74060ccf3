import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContractOperation } from '../metadata.ts';
import { argumentText, isForOthers, roleFor, withoutRequestId } from './call-draft.ts';
import { fieldsOf } from './schema-value.ts';

const operation: ContractOperation = {
  name: 'Confirm', title: 'Confirm', description: '', type: 'write', transitions: [], also: [],
  by: [{ name: 'debtor', title: 'the debtor', roles: ['debtor'] }, { name: 'supplier', title: 'the creditor', roles: ['supplier'] }],
  args: { type: 'object', required: ['requestId', 'id'], properties: { requestId: { type: 'string' }, id: { type: 'string' } } },
};

test('the request id is not asked for twice, and is sent within the argument', () => {
  assert.deepEqual(fieldsOf(withoutRequestId(operation.args)).map(({ name }) => name), ['id']);
  assert.equal(argumentText(operation, { id: 'N1' }, 'r-1'), '{"requestId":"r-1","id":"N1"}');
});

test('an operation that takes no request id gets none', () => {
  assert.equal(argumentText({ ...operation, args: { type: 'object', properties: {} } }, {}, 'r-1'), '{}');
});

test('a member acts in a role in which the operation may be called', () => {
  assert.equal(roleFor(operation, ['admin', 'supplier']), 'supplier');
  assert.equal(roleFor(operation, ['admin']), undefined);
});

test('an actor without roles is nobody, as to the contract itself', () => {
  const roles = ['admin', 'supplier'];
  const holder = { name: 'holder', title: 'the holder', roles: [] };
  assert.equal(isForOthers({ ...operation, by: [holder] }, roles), true);
  assert.equal(isForOthers({ ...operation, by: [holder, ...operation.by] }, ['admin']), true);
  assert.equal(isForOthers({ ...operation, by: [holder, ...operation.by] }, roles), false);
});

test('what anybody may ask is not for others', () => {
  assert.equal(isForOthers({ ...operation, type: 'read', by: [] }, []), false);
  assert.equal(isForOthers(undefined, []), false);
});
