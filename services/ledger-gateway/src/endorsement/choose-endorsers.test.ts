import { parsePolicy, resolveImplicitMeta, signedByRole, type SignatureRule } from '@guildhall/fabric';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelView, MemberView } from '../directory/channel-view.ts';
import { chooseEndorsers } from './choose-endorsers.ts';

const memberOf = (name: string, addresses: readonly string[]): MemberView => {
  const peers = addresses.map((address) => ({ address, tlsRoots: [], mspId: `${name}MSP` }));
  return { name, namespace: '', mspId: `${name}MSP`, issuer: '', endorsing: true, applicationRoles: [], peers, endorsers: peers };
};
const members = [memberOf('acme', ['a1', 'a2']), memberOf('bank', ['b1']), memberOf('core', ['c1'])];
const majority = resolveImplicitMeta(
  { kind: 'implicitMeta', rule: 'MAJORITY', subPolicy: 'Endorsement' },
  members.map(({ mspId }) => signedByRole(mspId, 'peer')),
);
const ruleOf = (text: string): SignatureRule => {
  const policy = parsePolicy(text);
  assert.equal(policy.kind, 'signature');
  return policy.kind === 'signature' ? policy.rule : majority;
};
const choose = (
  member: string,
  rule: SignatureRule,
  down: readonly string[] = [],
  endorsingMembers?: readonly string[],
  unwell: readonly string[] = [],
) =>
  chooseEndorsers({
    view: { channel: 'trade', key: 'trade', members, orderers: [], unwell: new Set(unwell), rule } satisfies ChannelView,
    member,
    down: new Set(down),
    endorsingMembers,
  }).map(({ address }) => address);

test('the smallest set endorses, the submitter first', () => {
  assert.deepEqual(choose('core', majority), ['c1', 'a1']);
  assert.deepEqual(choose('bank', ruleOf("OR('acmeMSP.peer', 'bankMSP.peer')")), ['b1']);
});

test('a peer that is down is replaced by another of its member, then by another member', () => {
  assert.deepEqual(choose('acme', majority, ['a1']), ['a2', 'b1']);
  assert.deepEqual(choose('acme', majority, ['a1', 'a2']), ['b1', 'c1']);
});

test('peers that are said to be unwell are asked only when there is nobody else', () => {
  assert.deepEqual(choose('acme', majority, [], undefined, ['b1']), ['a1', 'c1']);
  assert.deepEqual(choose('acme', majority, ['c1'], undefined, ['b1']), ['a1', 'b1']);
});

test('when the policy cannot be satisfied any more, it says by whom and who is down', () => {
  assert.throws(() => choose('acme', majority, ['b1', 'c1']), {
    code: 'NOT_ENDORSED',
    message: /only acme has a peer.*Not answering: b1, c1/,
  });
  assert.throws(() => choose('acme', ruleOf("AND('acmeMSP.peer', 'otherMSP.peer')")), { code: 'NOT_ENDORSED' });
});

test('exactly the named members endorse, if they are members and enough', () => {
  assert.deepEqual(choose('acme', majority, [], ['core', 'bank']).toSorted(), ['b1', 'c1']);
  assert.throws(() => choose('acme', majority, [], ['bank']), { code: 'INVALID_ARGUMENT', message: /do not satisfy/ });
  assert.throws(() => choose('acme', majority, [], ['bank', 'stranger']), {
    code: 'INVALID_ARGUMENT',
    message: /stranger is not a member/,
  });
  assert.throws(() => choose('acme', majority, ['b1'], ['bank', 'core']), { code: 'NOT_ENDORSED', message: /bank has no peer left/ });
});
