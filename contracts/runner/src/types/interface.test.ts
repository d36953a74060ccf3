import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as base from '@guildhall/contract-base';
import { contractInterface } from './compiler.ts';

test('what a contract may import is told with its kind, signature and documentation, as the base has it', async () => {
  const entries = await contractInterface();
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  for (const name of Object.keys(base)) assert.ok(byName.has(name), name);
  assert.deepEqual(byName.get('listBy')?.kind, 'function');
  assert.match(byName.get('money')?.signature ?? '', /\(.*bigint.*\) => Money/);
  assert.match(byName.get('listBy')?.documentation ?? '', /A page of the records that an index has under a value\./);
  assert.match(byName.get('Kind')?.signature ?? '', /interface Kind<Data = unknown>/);
  assert.equal(byName.get('ContractError')?.kind, 'class');
  assert.ok(!JSON.stringify(entries).includes(import.meta.dirname), 'no path of this machine');
});
