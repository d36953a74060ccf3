import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel, Condition, Consortium, Member, Node } from '@guildhall/resources';
import { decideConsortium, type ConsortiumObserved } from './decide.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const conditions = (status: 'True' | 'False', message = 'why'): Condition[] => [{ type: 'Ready', status, reason: 'Ready', message, observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' }];
const entry = (name: string) => ({ name, mspId: `${name}MSP`, namespace: `gh-trade--${name}` });
const consortium: Consortium = {
  apiVersion, kind: 'Consortium', metadata: { name: 'trade', namespace: 'gh-trade', generation: 1 },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [entry('acme')] },
};
const member: Member = {
  apiVersion, kind: 'Member', metadata: { name: 'acme', namespace: 'gh-trade--acme', generation: 1 }, status: { conditions: conditions('True') },
  spec: { consortium: { namespace: 'gh-trade', name: 'trade' }, mspId: 'acmeMSP', roles: ['endorsing'], certificateAuthority: 'hosted', applicationRoles: [] },
};
const node = (status: 'True' | 'False'): Node => ({
  apiVersion, kind: 'Node', metadata: { name: 'peer0', namespace: 'gh-trade--acme', generation: 1 }, status: { conditions: conditions(status, 'It does not answer.') },
  spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' },
});
const channel: Channel = {
  apiVersion, kind: 'Channel', metadata: { name: 'trade', namespace: 'gh-trade', generation: 2 }, status: { conditions: conditions('True') },
  spec: { members: [], orderers: [], ordering: { type: 'raft' }, policies: { endorsement: '', lifecycleEndorsement: '' } },
};
const running: ConsortiumObserved = { consortium, members: new Map([['acme', member]]), nodes: [node('True')], channels: [], contracts: [] };
const told = (change: Partial<ConsortiumObserved>): string => {
  const { outcome } = decideConsortium({ ...running, ...change });
  return `${outcome.kind} ${outcome.kind === 'ready' ? '' : outcome.reason}: ${outcome.message}`;
};
const withMembers = (...members: Consortium['spec']['members']): Partial<ConsortiumObserved> => ({ consortium: { ...consortium, spec: { ...consortium.spec, members } } });

test('it is ready when all that belongs to it is, and names the first thing that is not', () => {
  assert.match(told({}), /^ready/);
  assert.equal(told({ nodes: [node('True'), node('False')] }), 'waiting WaitingForNode: Node peer0: It does not answer.');
  assert.match(told({ members: new Map() }), /^waiting WaitingForMember: Waiting for the Member of acme/);
  assert.match(told({ channels: [channel] }), /^waiting Progressing: Channel trade/, 'ready for a former spec is not ready');
});

test('a consortium in another namespace, or with two members of one name or MSP id, is stalled', () => {
  assert.match(told({ consortium: { ...consortium, metadata: { ...consortium.metadata, namespace: 'gh-other' } } }), /^stalled InvalidSpec: .*create it there/);
  assert.match(told(withMembers(entry('acme'), { ...entry('bank'), mspId: 'acmeMSP' })), /^stalled Duplicate: Two members have the same mspId, acmeMSP/);
  assert.match(told(withMembers(entry('acme'), { ...entry('acme'), mspId: 'otherMSP' })), /^stalled Duplicate: .* name, acme/);
});

test('the summary counts', () => {
  assert.equal(decideConsortium({ ...running, nodes: [node('True'), node('False')] }).findings.summary, 'Not ready: 1 of 1 members, 1 of 2 nodes, 0 of 0 channels, 0 of 0 contracts ready.');
});
