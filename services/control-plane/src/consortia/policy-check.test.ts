import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelPolicyProblems, contractPolicyProblems } from './policy-check.ts';

const peers = ['AMSP', 'AMSP', 'BMSP'];
const messages = (problems: { message: string }[]): string => problems.map(({ message }) => message).join('; ');

test('what the peers of a channel can satisfy is accepted', () => {
  for (const text of ['MAJORITY Endorsement', 'ANY Endorsement', "AND('AMSP.peer', 'BMSP.peer')", "AND('AMSP.peer', 'AMSP.member')", "OutOf(1, 'AMSP.peer', 'StrangerMSP.peer')"]) {
    assert.deepEqual(channelPolicyProblems(text, peers, 'p'), [], text);
  }
});

test('a policy that needs more peers than there are, strangers, or administrators is refused', () => {
  for (const text of ["AND('BMSP.peer', 'BMSP.peer')", "AND('AMSP.peer', 'StrangerMSP.peer')", "OR('AMSP.admin')"]) {
    assert.match(messages(channelPolicyProblems(text, peers, 'p')), /^p: no set of the channel's peers/, text);
  }
});

test('a policy that refers to what peers cannot satisfy, or to nothing, is refused', () => {
  for (const text of ['MAJORITY Admins', 'ANY Writers', 'MAJORITY Foo']) {
    assert.match(messages(channelPolicyProblems(text, peers, 'p')), /is not a policy that peers can satisfy/, text);
  }
});

test('a contract names members, or leaves the policy to the channel', () => {
  assert.deepEqual(contractPolicyProblems("OR('AMSP.peer', 'BMSP.peer')", peers, 'p'), []);
  assert.match(messages(contractPolicyProblems('ANY Endorsement', peers, 'p')), /names members/);
});

test('what cannot be read is refused with an example of what can', () => {
  const [problem] = channelPolicyProblems("AND('AMSP.peer'", peers, 'channels[0].endorsementPolicy');
  assert.equal(problem?.path, 'channels[0].endorsementPolicy');
  assert.match(problem?.nextAction ?? '', /MAJORITY Endorsement/);
});
