import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationRole, channelName, contractName, mspId, shortName } from '@guildhall/resources';
import * as fc from 'fast-check';
import { derivedMspId, freeName, isApplicationRole, isChannelName, isContractName, isMspId, isShortName } from './names.ts';

const rules = [
  [isShortName, shortName],
  [isChannelName, channelName],
  [isContractName, contractName],
  [isMspId, mspId],
  [isApplicationRole, applicationRole],
] as const;

test('a name is refused here exactly when the server refuses it', () => {
  const nearNames = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '.', '_', 'é'), maxLength: 70 }), fc.string(), fc.constantFrom('lscc', 'a-b', 'a--b', 'a-', '', '1a'));
  fc.assert(
    fc.property(nearNames, (text) => {
      for (const [rule, schema] of rules) assert.equal(rule(text), schema.safeParse(text).success, `${rule.name} of ${JSON.stringify(text)}`);
    }),
  );
});

test('an MSP id follows from a name, and is one', () => {
  assert.equal(derivedMspId('acme'), 'AcmeMSP');
  assert.equal(derivedMspId('north-bank'), 'NorthBankMSP');
  assert.equal(derivedMspId(''), '');
  fc.assert(fc.property(fc.stringMatching(/^[a-z](-?[a-z0-9]){0,9}$/), (name) => assert.ok(isMspId(derivedMspId(name)))));
});

test('a free name is offered that is a name, however long the one that is taken', () => {
  assert.equal(freeName('trade', (name) => name === 'trade-2'), 'trade-3');
  const offered = freeName('abcdefghijklmnopqr-t', () => false);
  assert.ok(isShortName(offered), offered);
});
