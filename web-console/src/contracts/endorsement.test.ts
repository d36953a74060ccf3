import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf, readEndorsement } from './endorsement.ts';

test('a policy is read as how many of whom', () => {
  assert.deepEqual(readEndorsement(''), { kind: 'channel' });
  assert.deepEqual(readEndorsement('MAJORITY Endorsement'), { kind: 'rule', rule: 'majority' });
  assert.deepEqual(readEndorsement("AND('AMSP.peer', 'BMSP.member')"), { kind: 'count', count: 2, members: ['AMSP', 'BMSP'] });
  assert.deepEqual(readEndorsement("OR('AMSP.peer','BMSP.peer')"), { kind: 'count', count: 1, members: ['AMSP', 'BMSP'] });
  assert.deepEqual(readEndorsement("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')"), { kind: 'count', count: 2, members: ['AMSP', 'BMSP', 'CMSP'] });
});

test('what has no short form stays as it is', () => {
  for (const text of ["AND('AMSP.peer', OR('BMSP.peer', 'CMSP.peer'))", "AND('AMSP.admin')", 'nonsense']) assert.deepEqual(readEndorsement(text), { kind: 'own', text });
});

test('a choice becomes a policy that is read as the same', () => {
  const members = ['AMSP', 'BMSP', 'CMSP'];
  assert.equal(policyOf('channel', members, ''), '');
  assert.equal(policyOf('own', members, ' OR(x) '), 'OR(x)');
  for (const [choice, count] of [['all', 3], ['any', 1], ['majority', 2]] as const) assert.deepEqual(readEndorsement(policyOf(choice, members, '')), { kind: 'count', count, members });
});
