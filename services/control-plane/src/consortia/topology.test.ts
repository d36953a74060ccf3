import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createConsortiumInput, type CreateConsortiumInput } from './consortium-input.ts';
import { memberRolesOf, resolveTopology } from './topology.ts';

type Raw = Record<string, unknown>;
const peer = (name = 'peer0'): Raw => ({ name, role: 'peer' });
const orderer = (name = 'orderer0'): Raw => ({ name, role: 'orderer' });
const member = (name: string, nodes: Raw[] = [peer()], more: Raw = {}): Raw => ({ name, mspId: `${name}MSP`, nodes, ...more });
const orderers = (count: number): Raw => member('orderers', Array.from({ length: count }, (_, index) => orderer(`o${index}`)));

const parse = (raw: Raw): CreateConsortiumInput => createConsortiumInput.parse({ name: 'trade', ...raw });
const problems = (raw: Raw) => resolveTopology(parse(raw)).problems;
const found = (raw: Raw): string[] => problems(raw).map(({ code, path }) => `${code} ${path}`);

/** One channel of two members, in order; each test spoils it in one way. */
const members = [member('a'), member('b'), orderers(3)];

describe('a topology', () => {
  test('that is in order has no problem, and its defaults are filled in', () => {
    const { topology, problems: none } = resolveTopology(parse({ members, channels: [{ name: 'c' }] }));
    assert.deepEqual(none, []);
    assert.deepEqual(topology.warnings, []);
    assert.deepEqual(topology.channels[0]?.members, ['a', 'b']);
    assert.deepEqual(topology.channels[0]?.orderers, [0, 1, 2].map((index) => ({ member: 'orderers', node: `o${index}` })));
    assert.equal(topology.channels[0]?.endorsementPolicy, 'MAJORITY Endorsement');
  });

  test('gives the roles that the nodes say, and keeps those that are given', () => {
    const rolesOf = (raw: Raw): string[] => memberRolesOf(parse({ members: [raw] }).members[0]!);
    assert.deepEqual(rolesOf(member('a', [peer(), orderer()])), ['ordering', 'endorsing']);
    assert.deepEqual(rolesOf(member('a', [orderer()])), ['ordering']);
    assert.deepEqual(rolesOf(member('a', [])), ['endorsing']);
    assert.deepEqual(rolesOf(member('a', [], { roles: ['ordering', 'ordering'] })), ['ordering']);
  });
});

const cases: { wrong: string; input: Raw; expected: string[] }[] = [
  { wrong: 'a member’s name twice', input: { members: [member('a'), { ...member('b'), name: 'a' }] }, expected: ['DUPLICATE members[1].name'] },
  { wrong: 'an MSP id twice, in other letters', input: { members: [member('a'), { ...member('b'), mspId: 'AmSp' }] }, expected: ['DUPLICATE members[1].mspId'] },
  { wrong: 'a node’s name twice in a member', input: { members: [member('a', [peer(), peer()])] }, expected: ['DUPLICATE members[0].nodes[1].name'] },
  { wrong: 'orderers without the role', input: { members: [member('a', [orderer()], { roles: ['endorsing'] })] }, expected: ['INVALID_INPUT members[0].roles'] },
  { wrong: 'peers without a role', input: { members: [member('a', [peer()], { roles: ['ordering'] })] }, expected: ['INVALID_INPUT members[0].roles'] },
  { wrong: 'two roles that exclude each other', input: { members: [member('a', [peer()], { roles: ['endorsing', 'observing'] })] }, expected: ['INVALID_INPUT members[0].roles', 'NOT_YET members[0].roles'] },
  { wrong: 'an observer', input: { members: [member('a', [peer()], { roles: ['observing'] })] }, expected: ['NOT_YET members[0].roles'] },
  { wrong: 'a channel’s name twice', input: { members, channels: [{ name: 'c' }, { name: 'c' }] }, expected: ['DUPLICATE channels[1].name'] },
  { wrong: 'a contract’s name twice', input: { members, channels: [{ name: 'c' }], contracts: ['k', 'k'].map((name) => ({ name, channel: 'c', template: 't' })) }, expected: ['DUPLICATE contracts[1].name'] },
  { wrong: 'BFT', input: { members, channels: [{ name: 'c', ordering: 'bft' }] }, expected: ['NOT_YET channels[0].ordering'] },
  { wrong: 'a member that there is not', input: { members, channels: [{ name: 'c', members: ['a', 'z'] }] }, expected: ['INVALID_INPUT channels[0].members[1]'] },
  { wrong: 'a member without a peer', input: { members, channels: [{ name: 'c', members: ['a', 'orderers'] }] }, expected: ['INVALID_INPUT channels[0].members[1]'] },
  { wrong: 'a member named twice', input: { members, channels: [{ name: 'c', members: ['a', 'a'] }] }, expected: ['INVALID_INPUT channels[0].members'] },
  { wrong: 'nobody with a peer', input: { members: [orderers(3)], channels: [{ name: 'c' }] }, expected: ['INVALID_INPUT channels[0].members'] },
  { wrong: 'nobody who orders', input: { members: [member('a')], channels: [{ name: 'c' }] }, expected: ['INVALID_INPUT channels[0].orderers'] },
  { wrong: 'an orderer that there is not', input: { members, channels: [{ name: 'c', orderers: [{ member: 'orderers', node: 'o9' }] }] }, expected: ['INVALID_INPUT channels[0].orderers[0]'] },
  { wrong: 'a peer as orderer', input: { members, channels: [{ name: 'c', orderers: [{ member: 'a', node: 'peer0' }] }] }, expected: ['INVALID_INPUT channels[0].orderers[0]'] },
  { wrong: 'an orderer named twice', input: { members, channels: [{ name: 'c', orderers: [0, 0].map(() => ({ member: 'orderers', node: 'o0' })) }] }, expected: ['INVALID_INPUT channels[0].orderers'] },
  { wrong: 'more orderers than help', input: { members: [member('a'), orderers(16)], channels: [{ name: 'c' }] }, expected: ['INVALID_INPUT channels[0].orderers'] },
  { wrong: 'a preferred block above the greatest', input: { members, channels: [{ name: 'c', batch: { preferredMaxBytes: 4096, absoluteMaxBytes: 2048 } }] }, expected: ['INVALID_INPUT channels[0].batch.preferredMaxBytes'] },
  { wrong: 'a policy that is none', input: { members, channels: [{ name: 'c', endorsementPolicy: 'AND(' }] }, expected: ['INVALID_INPUT channels[0].endorsementPolicy'] },
  { wrong: 'a lifecycle policy that nobody satisfies', input: { members, channels: [{ name: 'c', lifecycleEndorsementPolicy: "OR('zMSP.peer')" }] }, expected: ['INVALID_INPUT channels[0].lifecycleEndorsementPolicy'] },
  { wrong: 'a contract on a channel that there is not', input: { members, contracts: [{ name: 'k', channel: 'c', template: 't' }] }, expected: ['INVALID_INPUT contracts[0].channel'] },
  { wrong: 'a contract’s policy that nobody satisfies', input: { members, channels: [{ name: 'c', members: ['a'] }], contracts: [{ name: 'k', channel: 'c', template: 't', endorsementPolicy: "AND('aMSP.peer','bMSP.peer')" }] }, expected: ['INVALID_INPUT contracts[0].endorsementPolicy'] },
];

describe('a topology is refused for', () => {
  for (const { wrong, input, expected } of cases) {
    test(wrong, () => {
      assert.deepEqual(found(input), expected);
      for (const problem of problems(input)) {
        assert.ok(problem.message.length > 0 && problem.nextAction.length > 0);
        assert.doesNotMatch(problem.message, /undefined|\[object/);
      }
    });
  }

  test('all that is wrong at once', () => {
    assert.deepEqual(found({ members: [member('a'), { ...member('a'), mspId: 'aMSP' }], channels: [{ name: 'c' }, { name: 'c', ordering: 'bft' }] }), [
      'DUPLICATE members[1].name',
      'DUPLICATE members[1].mspId',
      'DUPLICATE channels[1].name',
      'INVALID_INPUT channels[0].members',
      'INVALID_INPUT channels[0].orderers',
      'NOT_YET channels[1].ordering',
    ]);
  });
});

test('warnings say what a number of orderers is good for', () => {
  const warnings = (count: number): string[] => resolveTopology(parse({ members: [member('a'), orderers(count)], channels: [{ name: 'c' }] })).topology.warnings;
  assert.match(warnings(1)[0] ?? '', /a single orderer survives no loss; three survive the loss of one/);
  assert.match(warnings(2)[0] ?? '', /2 Raft orderers survive the loss of 0, no more than 1 would, because a majority of 2 must be up/);
  assert.match(warnings(4)[0] ?? '', /4 Raft orderers survive the loss of 1, no more than 3 would, because a majority of 3 must be up; use an odd number/);
  for (const odd of [3, 5, 15]) assert.deepEqual(warnings(odd), []);
});
