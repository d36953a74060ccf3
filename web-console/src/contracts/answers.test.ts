import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpen, whyNot, type MemberOfContract } from './answers.ts';

const member = (state?: string): MemberOfContract => ({
  name: 'acme', consented: false, installed: false, sameCode: false, approved: false, running: false, decision: state === undefined ? null : { state, by: null, reason: null, at: null },
});

test('who has not answered may do both; who rejected may still approve; an approval stays', () => {
  assert.deepEqual([whyNot('approve', member('waiting')), whyNot('reject', member('waiting'))], [undefined, undefined]);
  assert.deepEqual([whyNot('approve', member('rejected')), whyNot('reject', member('rejected'))], [undefined, 'hasRejected']);
  assert.deepEqual([whyNot('approve', member('approved')), whyNot('reject', member('approved'))], ['hasApproved', 'hasApproved']);
  assert.deepEqual(whyNot('approve', member()), 'notAsked');
});

test('answers are asked for as long as somebody may give one', () => {
  assert.equal(isOpen([member('approved'), member('waiting')]), true);
  assert.equal(isOpen([member('approved'), member()]), false);
});
