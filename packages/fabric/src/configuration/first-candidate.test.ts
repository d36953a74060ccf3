import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstCandidate } from './first-candidate.ts';

// As three orderers of Fabric 3.1 have said themselves: "This node is picked to start campaign".
test('the candidate is the one that Fabric picks', () => {
  assert.equal(firstCandidate('trade', 3), 2);
  assert.equal(firstCandidate('finance', 3), 0);
  assert.equal(firstCandidate('trade', 1), 0);
});
