import assert from 'node:assert/strict';
import test from 'node:test';
import type { Preflight } from '@guildhall/fabric';
import type { Certificate } from '@guildhall/pki';
import type { Node } from '@guildhall/resources';
import { decideNode, type NodeObserved } from './decide.ts';

const node: Node = {
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'Node',
  metadata: { name: 'peer0', namespace: 'gh-trade--acme', uid: 'u', generation: 1 },
  spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' },
};
const key = (name: string): Uint8Array => Buffer.from(name);
const issued = (name: string) => ({ csr: 'csr', certificate: { pem: name, publicKey: key(name) } as unknown as Certificate });
const authority = { signing: { root: 'r', issuing: 'i' }, tls: { root: 'r', issuing: 'i' }, adminEndpoint: { root: 'r' }, admin: { certificate: 'a' } };
const running: NodeObserved = {
  node,
  memberRoles: ['endorsing'],
  authority,
  keys: { identity: key('identity'), tls: key('tls') },
  hadKeys: true,
  addresses: { host: '127.1.1.1', endpoint: '127.1.1.1:7051', operationsEndpoint: '127.1.1.1:9443' },
  gossip: { pending: false },
  certificates: { identity: issued('identity'), tls: issued('tls') },
  pod: { kind: 'running', instance: '1', ready: true, restarts: 0 },
  podStatus: { name: 'peer0-0', image: 'peer' },
  outdated: false,
  volume: undefined,
  health: { state: 'Healthy', message: '', since: '2026-01-01T00:00:00Z' },
  inspection: undefined,
  behind: undefined,
  outside: undefined,
};
const told = (change: Partial<NodeObserved>): string => {
  const { outcome } = decideNode({ ...running, ...change });
  return outcome.kind === 'ready' ? 'ready' : `${outcome.kind} ${outcome.reason}`;
};

test('keys are made once, and asked certificates for in the same pass', () => {
  const fresh = decideNode({ ...running, keys: undefined, hadKeys: false, certificates: { identity: {}, tls: {} } });
  assert.deepEqual([fresh.createKeys, fresh.request], [true, ['identity', 'tls']]);
  const later = decideNode({ ...running, certificates: { identity: { csr: 'csr' }, tls: {} } });
  assert.deepEqual([later.createKeys, later.request], [false, ['tls']]);
});

test('a lost key is never replaced, and neither is a certificate for another key trusted', () => {
  const lost = decideNode({ ...running, keys: undefined });
  assert.deepEqual([lost.createKeys, lost.request, lost.workload], [false, [], undefined]);
  assert.equal(lost.outcome.kind, 'stalled');
  assert.match(lost.outcome.message, /Restore it from a backup/);
  assert.equal(told({ keys: { identity: key('identity'), tls: key('another') } }), 'stalled KeyMissing');
});

test('each thing that is missing has its own reason', () => {
  assert.equal(told({ memberRoles: ['ordering'] }), 'stalled InvalidSpec');
  assert.equal(told({ certificates: { ...running.certificates, tls: { csr: 'csr', denied: 'no' } } }), 'stalled Denied');
  assert.equal(told({ authority: undefined }), 'waiting WaitingForCertificateAuthority');
  assert.equal(told({ addresses: undefined }), 'waiting WaitingForAddress');
  assert.equal(told({ gossip: { pending: true } }), 'waiting WaitingForAddress');
  assert.equal(told({ certificates: { ...running.certificates, identity: { csr: 'csr' } } }), 'waiting WaitingForCertificate');
  assert.equal(told({ pod: { kind: 'pending', reason: 'WaitingForVolume', message: '' } }), 'waiting WaitingForVolume');
  assert.equal(told({ pod: { kind: 'ended', reason: 'CrashLooping', message: '', restarts: 4 } }), 'waiting CrashLooping');
  assert.equal(told({ health: { ...running.health, state: 'Starting' } }), 'waiting WaitingForPod');
  assert.equal(told({ health: { ...running.health, state: 'Unreachable' } }), 'waiting Unreachable');
  assert.equal(told({ outdated: true }), 'waiting WaitingForPod', 'the process is well, but it is the one before the restart');
  assert.equal(told({}), 'ready');
});

test('a node that runs but is behind is ready and degraded', () => {
  const { outcome } = decideNode({ ...running, behind: { reason: 'BehindOthers', message: 'behind' } });
  assert.equal(outcome.kind === 'ready' ? outcome.degraded?.reason : undefined, 'BehindOthers');
});

test('a node waits while its volume grows; one that is refused a larger volume runs on, ready and degraded, and the cluster is asked again', () => {
  assert.equal(told({ volume: { growing: 'it grows' } }), 'waiting WaitingForVolume');
  const refused = (change: Partial<NodeObserved>): unknown => decideNode({ ...running, volume: { refused: 'It stays small.' }, ...change }).outcome;
  const ready = { kind: 'ready', message: 'The node runs and says that it is well.', afterMs: 60_000 };
  assert.deepEqual(refused({}), { ...ready, degraded: { reason: 'VolumeNotGrown', message: 'It stays small.' } });
  const behind = { reason: 'BehindOthers', message: 'It is behind.' } as const;
  assert.deepEqual(refused({ behind }), { ...ready, degraded: { reason: 'VolumeNotGrown', message: 'It stays small. It is behind.' } }, 'what else is wrong is told too');
});

const outside = { host: 'peer0.acme.trade.ledger.example', port: 30_551, found: undefined, routeFault: undefined, notAccepted: undefined };

test('a node that is to be reached from outside, where nothing is set up for that, rests before a key is made', () => {
  const plan = decideNode({ ...running, keys: undefined, hadKeys: false, outside: { lacking: 'Set exposure.domain.' } });
  assert.deepEqual([plan.createKeys, plan.outcome], [false, { kind: 'stalled', reason: 'InvalidSpec', message: 'Set exposure.domain.' }]);
});

test('a node that runs and is not reached from outside is ready and degraded, and says where the way ends', () => {
  const degraded = (change: Partial<typeof outside> | { found: Preflight }): unknown => {
    const { outcome } = decideNode({ ...running, outside: { ...outside, ...change } });
    return outcome.kind === 'ready' && outcome.degraded;
  };
  const found: Preflight = { reached: false, hop: 'name', why: 'The name leads nowhere.', next: 'Add it.' };
  const reason = 'UnreachableFromOutside';
  assert.deepEqual(degraded({ found }), { reason, message: 'From outside, at peer0.acme.trade.ledger.example:30551, the node is not reached. The name leads nowhere. Add it.' });
  assert.deepEqual([degraded({}), degraded({ found: { reached: true } })], [undefined, undefined]);
});
