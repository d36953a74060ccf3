import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeConsents, type ConsentParty } from './judge-consents.ts';

/** core+ approved, bank- rejected, supplier is waited for; observer* does not endorse. */
const parties = (...said: string[]): ConsentParty[] =>
  said.map((text) => {
    const name = text.replace(/[+*-]/g, '');
    const decision = text.includes('+') ? ({ state: 'approved', reason: null } as const) : text.includes('-') ? ({ state: 'rejected', reason: 'too early' } as const) : undefined;
    return { name, mspId: `${name}MSP`, endorses: !text.includes('*'), decision };
  });
const majority = 'MAJORITY Endorsement';

test('it waits, says for whom and for what, and goes on when those who approved satisfy the policy', () => {
  assert.deepEqual(judgeConsents(parties('core+', 'bank', 'supplier'), majority).kind, 'wait');
  assert.match(judgeConsents(parties('core+', 'bank', 'supplier'), majority).message, /^1 of 3 members have approved \(core\); waiting for bank, supplier; it needs /);
  assert.equal(judgeConsents(parties('core+', 'bank+', 'supplier'), majority).kind, 'enough');
  assert.equal(judgeConsents(parties('core+', 'bank+', 'supplier'), 'ALL Endorsement').kind, 'wait');
});

test('a rejection ends it only when the others are not enough without that member', () => {
  assert.equal(judgeConsents(parties('core', 'bank-', 'supplier'), majority).kind, 'wait');
  const verdict = judgeConsents(parties('core+', 'bank-', 'supplier-'), majority);
  assert.equal(verdict.kind, 'impossible');
  assert.match(verdict.message, /bank rejected it: "too early"; supplier rejected it: "too early"/);
  assert.equal(judgeConsents(parties('core+', 'bank-'), majority).kind, 'impossible');
});

test('a policy that names members is satisfied by these', () => {
  const policy = "AND('coreMSP.peer', OR('bankMSP.peer', 'supplierMSP.peer'))";
  assert.equal(judgeConsents(parties('core', 'bank+', 'supplier+'), policy).kind, 'wait');
  assert.equal(judgeConsents(parties('core+', 'bank-', 'supplier+'), policy).kind, 'enough');
  assert.equal(judgeConsents(parties('core-', 'bank+', 'supplier+'), policy).kind, 'impossible');
});

test('who does not endorse is neither counted nor waited for', () => {
  const verdict = judgeConsents(parties('core+', 'observer*'), majority);
  assert.equal(verdict.kind, 'enough');
  assert.doesNotMatch(verdict.message, /observer/);
});
