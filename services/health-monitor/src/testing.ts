import type { Channel, Condition, Consortium, Node } from '@guildhall/resources';
import type { World } from './world.ts';

const condition = (type: Condition['type'], status: Condition['status'], reason: Condition['reason']): Condition => ({ type, status, reason, message: 'words that no label has', lastTransitionTime: '2026-01-01T00:00:00Z' });
const base = (kind: string, namespace: string, name: string) => ({ apiVersion: 'guildhall.dev/v1alpha1', kind, metadata: { namespace, name, uid: `${kind}/${namespace}/${name}` } });
export const ready = [condition('Ready', 'True', 'Ready')];
export const stalled = [condition('Ready', 'False', 'KeyMissing'), condition('Stalled', 'True', 'KeyMissing')];

type Health = NonNullable<NonNullable<Node['status']>['health']>;
export const node = (member: string, name: string, role: Node['spec']['role'], state: Health['state'] = 'Healthy', status: Node['status'] = {}): Node => ({
  ...base('Node', `gh-trade--${member}`, name),
  spec: { member, role, version: '3.1', storage: { size: '10Gi' }, exposure: 'ClusterDNS' },
  status: { conditions: ready, health: { state, message: '', since: '2026-01-01T00:00:10Z' }, restarts: 2, ...status },
});

export const channel = (status: Channel['status'] = { conditions: ready, height: 7, leader: 'ordering/orderer0' }): Channel => ({
  ...base('Channel', 'gh-trade', 'deals'),
  spec: {
    members: [{ name: 'bank' }], orderers: [0, 1, 2].map((index) => ({ member: 'ordering', node: `orderer${index}` })), ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  },
  status,
});

export const consortium: Consortium = {
  ...base('Consortium', 'gh-trade', 'trade'),
  spec: {
    ledger: { engine: 'fabric', version: '3.1' }, profile: 'production',
    members: ['ordering', 'bank'].map((name) => ({ name, mspId: `${name}MSP`, namespace: `gh-trade--${name}` })),
  },
};

export const world = (parts: Partial<World> = {}): World => ({ consortia: [consortium], members: [], nodes: [], channels: [], contracts: [], ...parts });
