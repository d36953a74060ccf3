import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogueEntry } from '@guildhall/contract-receivable';
import { readMetadata } from '../metadata.ts';
import { withoutRequestId } from './call-draft.ts';
import { firstArguments, firstConfig } from './first-config.ts';
import { argumentsOf, blankOf, wrongValues } from './schema-value.ts';

const args = { type: 'object', required: ['requestId', 'config'], properties: { requestId: { type: 'string' }, config: catalogueEntry.config.schema } };
const metadata = readMetadata({ interface: 1, roles: catalogueEntry.roles, config: catalogueEntry.config, operations: [{ name: 'Init', type: 'setup', args }, { name: 'Issue', type: 'write', args }] }) ?? assert.fail('it is metadata');
const members = [
  { mspId: 'CoreMSP', applicationRoles: ['admin', 'debtor', 'gardener'] },
  { mspId: 'BankMSP', applicationRoles: ['funder'] },
];
const [init = assert.fail(), issue = assert.fail()] = metadata.operations;

test('the example becomes a configuration of the members that there are, which can be sent as it is', () => {
  const config = firstConfig(metadata, members) ?? assert.fail('there is an example');
  assert.deepEqual(config['parties'], [{ mspId: 'CoreMSP', roles: ['admin', 'debtor'] }, { mspId: 'BankMSP', roles: ['funder'] }]);
  const { timekeepers, quorum } = config['clock'] as { timekeepers: string[]; quorum: number };
  assert.deepEqual([timekeepers, quorum], [['CoreMSP'], 1]);
  const entered = firstArguments(init, metadata, members);
  const schema = withoutRequestId(init.args);
  assert.deepEqual(wrongValues(schema, entered), []);
  assert.deepEqual((argumentsOf(schema, entered) as { config: unknown }).config, config);
});

test('other operations, and contracts without an example, begin blank', () => {
  assert.deepEqual((firstArguments(issue, metadata, members) as { config: { parties: unknown } }).config.parties, [{ mspId: '', roles: [] }]);
  assert.equal(firstConfig({ ...metadata, exampleConfig: undefined }, members), undefined);
});

test('an example that nobody can look through is left away as a whole', () => {
  const parties = Array.from({ length: 400 }, (_, index) => ({ mspId: `M${index}`, applicationRoles: [] }));
  assert.deepEqual(firstArguments(init, metadata, parties), blankOf(withoutRequestId(init.args)));
});
