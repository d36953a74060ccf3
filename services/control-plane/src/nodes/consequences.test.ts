import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@guildhall/resources';
import { createConsortiumInput } from '../consortia/consortium-input.ts';
import { desiredConsortium } from '../consortia/consortium-resources.ts';
import { resolveTopology } from '../consortia/topology.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { addConsequences, addProblems, addWarnings, chosenChannels, type Adding } from './added.ts';
import { changeConsequences, changeProblems, changeWarnings } from './changing.ts';
import { changeOf } from './node-change.ts';
import { channelsOfMember, consentsWith, memberNamed, nodeNamed, ofKind, orderedBy } from './node-facts.ts';
import { addNodeInput, changeNodeInput } from './node-input.ts';
import { newNode } from './node-resources.ts';
import { removeConsequences, removeProblems, removeWarnings, type Removing } from './removed.ts';
import { restartConsequences, restartProblems } from './restarting.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

/** core orders with as many as are asked for and has two peers, bank has one; both are in trade. Everything is ready but what is down, as `member/node`. */
function consortium({ orderers = 3, policy = '', down = [], leader = 'core/orderer0' }: { orderers?: number; policy?: string; down?: string[]; leader?: string } = {}): ClusterObject[] {
  const input = createConsortiumInput.parse({
    name: 'trial',
    members: [
      { name: 'core', mspId: 'CoreMSP', nodes: [...['peer0', 'peer1'].map((name) => ({ name, role: 'peer' })), ...Array.from({ length: orderers }, (_, index) => ({ name: `orderer${index}`, role: 'orderer' }))] },
      { name: 'bank', mspId: 'BankMSP', nodes: [{ name: 'peer0', role: 'peer' }] },
    ],
    channels: [{ name: 'trade' }],
    contracts: [{ name: 'note', channel: 'trade', template: 'note', endorsementPolicy: policy }],
  });
  const { topology } = resolveTopology(input);
  const contracts = input.contracts.map((contract) => ({ ...contract, version: '1', artifactDigest: digest }));
  return desiredConsortium(input, topology, contracts, { exposure: 'Local' }).objects.map((object) => {
    const owner = (object.metadata.namespace ?? '').split('--')[1];
    const isDown = object.kind === 'Node' && down.includes(`${owner}/${object.metadata.name}`);
    const health = { state: isDown ? 'Unreachable' : 'Healthy', message: '', since: '2026-01-01T00:00:00Z' };
    const status = { conditions: [{ type: 'Ready', status: isDown ? 'False' : 'True' }], ...(object.kind === 'Node' ? { health } : {}), ...(object.kind === 'Channel' ? { height: 7, leader } : {}) };
    return { ...object, status };
  });
}

const adding = (objects: ClusterObject[], input: Record<string, unknown> = {}, wasKept = false): Adding => {
  const parsed = addNodeInput.parse({ consortium: 'trial', member: 'core', name: 'peer2', role: 'peer', ...input });
  return { input: parsed, member: memberNamed(objects, parsed.member), nodes: ofKind<Node>(objects, 'Node').filter(({ spec }) => spec.member === parsed.member), channels: channelsOfMember(objects, parsed.member), wasKept };
};

const peer2 = ({ input }: Adding): Node => newNode(input, { exposure: 'Local' });

const removing = (objects: ClusterObject[], member: string, name: string, deleteData = false): Removing => ({
  member,
  node: nodeNamed(objects, member, name),
  channels: channelsOfMember(objects, member).filter(({ membership }) => membership.spec.peers.includes(name)),
  orders: orderedBy(objects, member, name),
  deleteData,
});

const codes = (problems: readonly { code: string; path?: string }[]): string[] => problems.map(({ code, path }) => `${code} ${path}`);

test('a peer that is added is told with its channels, its contracts and what stays', () => {
  const objects = consortium();
  const one = adding(objects);
  const { chosen, problems } = chosenChannels(one);
  assert.deepEqual([problems, addProblems(one), addWarnings(one, chosen)], [[], [], []]);
  const words = addConsequences(one, chosen, peer2(one)).join('\n');
  assert.match(words, /core gets a peer peer2/);
  assert.match(words, /joins channel trade and copies 7 blocks; core then has 3 peers there/);
  assert.match(words, /note is installed on it; the instance that core runs already serves it too/);
  assert.match(words, /About 220 MB/);
  assert.match(addConsequences(adding(objects, {}, true), chosen, peer2(one))[0] ?? '', /comes back with its keys and its ledger/);
  assert.match(addWarnings(one, [])[0] ?? '', /it is in no channel/);
});

test('the storage class of a new volume is told, and that one which was kept has its own', () => {
  const objects = consortium();
  const words = (one: Adding): string => addConsequences(one, [], peer2(one)).join('\n');
  const one = adding(objects, { storageClass: 'fast' });
  assert.match(words(one), /Storage class fast: the volumes of core\/peer2\. It cannot be changed later/);
  assert.doesNotMatch(words(adding(objects)), /Storage class/);
  const kept = adding(objects, { storageClass: 'fast' }, true);
  assert.doesNotMatch(words(kept), /Storage class/);
  assert.match(addWarnings(kept, [])[0] ?? '', /its volume was kept and stays of its storage class/);
});

test('what cannot be added is refused with the place of each reason', () => {
  const objects = consortium();
  assert.deepEqual(codes(addProblems(adding(objects, { name: 'peer1' }))), ['DUPLICATE name']);
  assert.deepEqual(codes(chosenChannels(adding(objects, { channels: ['trade', 'other', 'trade'] })).problems), ['INVALID_INPUT channels[1]', 'DUPLICATE channels[2]']);
  assert.throws(() => memberNamed(objects, 'nobody'), /there is no such member/);
  const ordersOnly = objects.map((object) => (object.kind === 'Member' && object.metadata.name === 'core' ? { ...object, spec: { ...(object.spec as object), roles: ['ordering'] } } : object));
  assert.deepEqual(codes(addProblems(adding(ordersOnly))), ['CONFLICT member']);
});

test('a peer goes only when nothing is lost with it that cannot be lost', () => {
  const objects = consortium();
  assert.deepEqual(codes(removeProblems(removing(objects, 'core', 'peer1'))), []);
  assert.deepEqual(codes(removeProblems(removing(objects, 'bank', 'peer0'))), ['CONFLICT name'], 'the last peer of a member');
  assert.match(removeProblems(removing(objects, 'core', 'peer0'))[0]?.message ?? '', /anchor peer of core in channel trade/);
  assert.deepEqual(codes(removeProblems(removing(objects, 'core', 'orderer0'))), ['NOT_YET name']);
  const both = consortium({ policy: "AND('CoreMSP.peer', 'CoreMSP.peer')" });
  assert.match(removeProblems(removing(both, 'core', 'peer1'))[0]?.message ?? '', /a transaction of note needs .* which the peers that stay cannot give/);
});

test('a removal tells what stops, what stays, and what becomes less sure', () => {
  const objects = consortium();
  const kept = removeConsequences(removing(objects, 'core', 'peer1')).join('\n');
  assert.match(kept, /leaves channel trade \(7 blocks\); core keeps peer0 there/);
  assert.match(kept, /note is no longer called through it/);
  assert.match(kept, /Its volume and keys stay/);
  assert.match(removeConsequences(removing(objects, 'core', 'peer1', true)).join('\n'), /Nobody can bring them back/);
  assert.match(removeWarnings(removing(objects, 'core', 'peer1')).join('\n'), /while peer0 is down, core can neither endorse nor read there, and nobody can have a transaction of note and a change of its contracts/, 'a majority of two is both');
  assert.doesNotMatch(removeWarnings(removing(consortium({ policy: "OR('CoreMSP.peer', 'BankMSP.peer')" }), 'core', 'peer1')).join('\n'), /a transaction of note/);
  assert.deepEqual(consentsWith(objects, 'core', 'peer1').map(({ kind }) => kind), ['ChannelMembership', 'ContractInstallation']);
});

test('a restart tells the arithmetic of the quorum, and who leads', () => {
  const orderer = (orderers: number, name = 'orderer1'): string => restartConsequences(consortium({ orderers }), 'core', name).join('\n');
  assert.match(orderer(3), /Channel trade: 3 orderers, 2 needed: while it restarts, the loss of one more stops ordering/);
  assert.match(orderer(5), /5 orderers, 3 needed: while it restarts, 1 more may fail/);
  assert.match(orderer(1, 'orderer0'), /1 orderer, 1 needed: while it restarts, no transaction is ordered/);
  assert.match(orderer(3, 'orderer0'), /It leads the channel/);
  assert.doesNotMatch(orderer(3), /It leads/);
  assert.match(restartConsequences(consortium(), 'core', 'peer0').join('\n'), /Channel trade: peer1 of core endorses and reads meanwhile/);
  assert.match(restartConsequences(consortium({ down: ['core/peer1'] }), 'core', 'peer0').join('\n'), /core can neither endorse nor read meanwhile; it has no other peer there that works/);
  assert.match(restartConsequences(consortium(), 'bank', 'peer0').join('\n'), /it has no other peer there\./);
});

test('an orderer is not restarted while another one that is down makes it needed', () => {
  const problems = (orderers: number, name: string, ...down: string[]): string[] => restartProblems(consortium({ orderers, down: down.map((each) => `core/${each}`) }), 'core', name).map(({ message }) => message);
  assert.deepEqual(problems(3, 'orderer0'), []);
  assert.match(problems(3, 'orderer0', 'orderer2')[0] ?? '', /core\/orderer2 is down, and channel trade needs 2 of its 3 orderers: without core\/orderer0 ordering would stop/);
  assert.deepEqual(problems(3, 'orderer2', 'orderer2'), [], 'the one that is down may well be restarted');
  assert.deepEqual(problems(3, 'orderer0', 'orderer1', 'orderer2'), [], 'ordering stands already');
  assert.deepEqual(problems(5, 'orderer0', 'orderer1'), [], 'the others are enough');
  assert.deepEqual(problems(1, 'orderer0'), [], 'there is no better time for a single one');
  const onboarding = consortium().map((object) => (object.kind === 'Node' && object.metadata.name === 'orderer2' ? { ...object, status: { ...(object.status as object), channels: [{ name: 'trade', height: 1, lag: 6, status: 'onboarding' }] } } : object));
  assert.equal(restartProblems(onboarding, 'core', 'orderer0').length, 1, 'one that runs and does not order yet counts as down');
});

const changing = (objects: ClusterObject[], name: string, wish: object): { problems: string[]; words: string; warnings: string[] } => {
  const input = changeNodeInput.parse({ consortium: 'trial', member: 'core', name, ...wish });
  const node = nodeNamed(objects, 'core', name);
  const change = changeOf(input, node.spec);
  return { problems: codes(changeProblems(input, node, change)), words: changeConsequences(objects, input, node, change).join('\n'), warnings: changeWarnings(objects, input, change) };
};

/** As the node is with another status. */
const where = (objects: ClusterObject[], name: string, status: object): ClusterObject[] =>
  objects.map((object) => (object.kind === 'Node' && object.metadata.name === name ? { ...object, status: { ...(object.status as object), ...status } } : object));

test('who waits for its turn is not down: it runs, and is not Ready because another pod is to take its place', () => {
  const objects = where(consortium(), 'orderer1', { conditions: [{ type: 'Ready', status: 'False', reason: 'WaitingForTurn' }] });
  assert.deepEqual(restartProblems(objects, 'core', 'orderer0'), []);
  assert.deepEqual(changing(objects, 'orderer0', { memory: '1Gi' }).warnings, []);
  const leaving = objects.map((object) => (object.metadata.name === 'orderer1' ? { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } : object));
  assert.equal(restartProblems(leaving, 'core', 'orderer0').length, 1, 'one that is being deleted does not count');
});

test('a change tells what the node has and gets, and what it means that its process is another one', () => {
  const { problems, words, warnings } = changing(consortium(), 'orderer0', { cpu: '500m', memory: '1Gi', storage: '20Gi' });
  assert.deepEqual([problems, warnings], [[], []]);
  assert.match(words, /core\/orderer0 gets 500m of the processors instead of as much as there is/);
  assert.match(words, /core\/orderer0 gets 1Gi of memory instead of/);
  assert.match(words, /grows from 10Gi to 20Gi, if its storage class lets it; it cannot become smaller again/);
  assert.match(words, /Where the storage class does not let it, the operation fails with VolumeNotGrown, and the node runs on with the volume that it has\. The wish stays in the node, also when the operation is cancelled/);
  assert.match(words, /Channel trade: 3 orderers, 2 needed: while it restarts/);
  assert.match(words, /waits for its turn/);
  const grows = changing(consortium(), 'peer0', { storage: '20Gi' });
  assert.match(grows.words, /Its process goes on meanwhile/);
  assert.doesNotMatch(grows.words, /started again/);
  assert.doesNotMatch(changing(consortium(), 'peer0', { memory: '1Gi' }).words, /VolumeNotGrown/);
});

test('a change that makes a volume smaller, or that changes nothing, is refused', () => {
  assert.deepEqual(changing(consortium(), 'peer0', { storage: '9Gi', memory: '1Gi' }).problems, ['INVALID_INPUT storage']);
  const advice = (name: string): string => {
    const objects = consortium();
    const input = changeNodeInput.parse({ consortium: 'trial', member: 'core', name, storage: '9Gi' });
    return changeProblems(input, nodeNamed(objects, 'core', name), {})[0]?.nextAction ?? '';
  };
  assert.match(advice('peer0'), /add another peer with it and remove this one/);
  assert.doesNotMatch(advice('orderer0'), /add|remove/, 'an orderer can be neither added nor removed');
  assert.deepEqual(changing(consortium(), 'peer0', {}).problems, ['INVALID_INPUT undefined']);
  assert.deepEqual(changing(consortium(), 'peer0', { storage: '10240Mi' }).problems, ['CONFLICT undefined']);
});

test('while another orderer is down, a change that needs another process is warned of, because it waits', () => {
  const objects = consortium({ down: ['core/orderer1'] });
  assert.match(changing(objects, 'orderer0', { memory: '1Gi' }).warnings.join(), /^core\/orderer1 is down, and channel trade needs 2 of its 3 orderers/);
  assert.deepEqual(changing(objects, 'orderer0', { storage: '20Gi' }).warnings, []);
});

test('it is told of a change that it waits where the operator lets nobody go: for the other orderer of two, for a quorum that is not there, for a member’s other peers', () => {
  const warned = (objects: ClusterObject[], name: string): string => changing(objects, name, { memory: '1Gi' }).warnings.join('\n');
  assert.match(warned(consortium({ orderers: 2, down: ['core/orderer1'] }), 'orderer0'), /^core\/orderer1 is down, and channel trade has too few orderers to order: the change waits/);
  assert.match(warned(consortium({ down: ['core/orderer1', 'core/orderer2'] }), 'orderer0'), /^core\/orderer1, core\/orderer2 are down, and channel trade has too few/);
  assert.match(warned(consortium({ down: ['core/peer1'] }), 'peer0'), /^core\/peer1 is down, and of a member's peers one at a time may be: the change waits until all others are up$/);
  for (const [objects, name] of [[consortium({ orderers: 2 }), 'orderer0'], [consortium({ orderers: 5, down: ['core/orderer1'] }), 'orderer0'], [consortium({ down: ['bank/peer0'] }), 'peer0']] as const) assert.equal(warned(objects, name), '');
  assert.equal(warned(consortium({ down: ['core/peer0', 'core/peer1'] }), 'peer0'), '', 'what is down itself changes at once');
  assert.equal(warned(consortium({ down: ['core/orderer0', 'core/orderer1'] }), 'orderer0'), '');
});
