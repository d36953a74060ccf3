import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoRemoval } from './why-no-removal.ts';

const node = (member: string, name: string, role = 'peer') => ({ member, name, role });

test('orderers and the only peer of a member are not removed', () => {
  const nodes = [node('bank', 'orderer0', 'orderer'), node('bank', 'peer0'), node('bank', 'peer1'), node('acme', 'peer0')];
  assert.equal(whyNoRemoval(node('bank', 'orderer0', 'orderer'), nodes), 'orderer');
  assert.equal(whyNoRemoval(node('acme', 'peer0'), nodes), 'onlyPeer');
  assert.equal(whyNoRemoval(node('bank', 'peer1'), nodes), undefined);
});
