import { printRule } from '@guildhall/fabric';
import {
  channel,
  channelMembership,
  contract,
  contractInstallation,
  member,
  node,
  type Channel,
  type Contract,
  type Node,
} from '@guildhall/resources';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelView, type MemberFacts } from './channel-view.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const parse = <Kind extends { specSchema: { parse(spec: unknown): unknown }; type: { kind: string } }>(
  kind: Kind,
  name: string,
  spec: object,
) =>
  ({
    apiVersion: 'guildhall.dev/v1alpha1',
    kind: kind.type.kind,
    metadata: { name, namespace: 'gh-t' },
    spec: kind.specSchema.parse(spec),
  }) as never;

const channelOf = (endorsement?: string): Channel =>
  parse(channel, 'trade', {
    members: [{ name: 'acme' }, { name: 'bank' }, { name: 'watcher' }],
    orderers: [
      { member: 'acme', node: 'o1' },
      { member: 'bank', node: 'o1' },
    ],
    ...(endorsement ? { policies: { endorsement } } : {}),
  });
const contractOf = (endorsementPolicy = ''): Contract => {
  const made: Contract = parse(contract, 'notes', { channel: 'trade', version: '1', artifactDigest: digest });
  return { ...made, status: { committed: { sequence: 1, version: '1', endorsementPolicy } } };
};
const nodeOf = (name: string, role: string, endpoint: string, state: 'Healthy' | 'Unreachable' = 'Healthy'): Node => {
  const made: Node = parse(node, name, { member: 'acme', role });
  return { ...made, status: { endpoint, health: { state, message: '', since: '2026-01-01T00:00:00Z' } } };
};
const tls = { root: 'root', issuing: 'issuing' };
function factsOf(name: string, roles: string[], nodes: Node[], peers: string[], installed = peers): MemberFacts {
  const made = parse(member, name, { consortium: { namespace: 'gh-t', name: 't' }, mspId: `${name}MSP`, roles }) as object;
  const authority = { signing: tls, tls, adminEndpoint: { root: 'r' }, admin: { certificate: 'c' } };
  return {
    name,
    namespace: `gh-t-${name}`,
    member: { ...made, status: { certificateAuthority: authority } } as never,
    nodes,
    membership: parse(channelMembership, 'trade', {
      channel: { namespace: 'gh-t', name: 'trade' },
      channelDigest: digest,
      peers,
      orderers: [],
      anchorPeers: [],
    }),
    installation:
      installed.length === 0
        ? undefined
        : parse(contractInstallation, 'notes', {
            contract: { namespace: 'gh-t', name: 'notes' },
            contractDigest: digest,
            artifactDigest: digest,
            peers: installed,
          }),
  };
}

const members = [
  factsOf(
    'acme',
    ['endorsing', 'ordering'],
    [
      nodeOf('p1', 'peer', '1.1:7051', 'Unreachable'),
      nodeOf('p2', 'peer', '1.2:7051'),
      nodeOf('p3', 'peer', '1.3:7051'),
      nodeOf('o1', 'orderer', '1.9:7050'),
    ],
    ['p1', 'p2'],
  ),
  factsOf('bank', ['endorsing', 'ordering'], [nodeOf('p1', 'peer', '2.1:7051'), nodeOf('o1', 'orderer', '2.9:7050')], ['p1']),
  factsOf('watcher', ['observing'], [nodeOf('p1', 'peer', '3.1:7051')], ['p1'], []),
];

test("peers are those of the member's consent, healthy ones first; those that run the contract endorse", () => {
  const view = channelView({ channel: channelOf(), contract: contractOf(), members });
  assert.deepEqual(
    view.members.map(({ peers, endorsers }) => [peers.map(({ address }) => address), endorsers.map(({ address }) => address)]),
    [
      [
        ['1.2:7051', '1.1:7051'],
        ['1.2:7051', '1.1:7051'],
      ],
      [['2.1:7051'], ['2.1:7051']],
      [['3.1:7051'], []],
    ],
  );
});

test('the leader is the first orderer to be asked', () => {
  const led = { ...channelOf(), status: { leader: 'bank/o1' } };
  assert.deepEqual(
    channelView({ channel: led, contract: contractOf(), members }).orderers.map(({ address }) => address),
    ['2.9:7050', '1.9:7050'],
  );
});

test('an orderer that is unwell comes last, even one that led', () => {
  const unwell = members.map((facts) => ({
    ...facts,
    nodes: facts.nodes.map((each) =>
      each.spec.role === 'orderer' && facts.name === 'bank' ? nodeOf('o1', 'orderer', '2.9:7050', 'Unreachable') : each,
    ),
  }));
  const led = { ...channelOf(), status: { leader: 'bank/o1' } };
  const view = channelView({ channel: led, contract: contractOf(), members: unwell });
  assert.deepEqual(
    view.orderers.map(({ address }) => address),
    ['1.9:7050', '2.9:7050'],
  );
  assert.deepEqual([...view.unwell], ['1.1:7051', '2.9:7050']);
});

test("the contract's own policy counts, else the channel's, over those who endorse", () => {
  assert.equal(
    printRule(channelView({ channel: channelOf(), contract: contractOf(), members }).rule),
    "AND('acmeMSP.peer', 'bankMSP.peer')",
  );
  const own = "OR('acmeMSP.peer', 'bankMSP.peer')";
  assert.equal(printRule(channelView({ channel: channelOf(), contract: contractOf(own), members }).rule), own);
});

test('what is not there yet is said so', () => {
  const uncommitted = { ...contractOf(), status: {} };
  assert.throws(() => channelView({ channel: channelOf(), contract: uncommitted, members }), {
    code: 'NOT_READY',
    message: /not committed/,
  });
  const withoutNodes = members.map((facts) => ({ ...facts, nodes: [] }));
  assert.throws(() => channelView({ channel: channelOf(), contract: contractOf(), members: withoutNodes }), {
    code: 'NOT_READY',
    message: /No orderer/,
  });
});
