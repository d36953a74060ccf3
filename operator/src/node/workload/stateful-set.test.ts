import assert from 'node:assert/strict';
import test from 'node:test';
import type { Node } from '@guildhall/resources';
import type { Placement } from '../../placement.ts';
import { statefulSet } from './stateful-set.ts';

const made = (profile: 'sandbox' | 'production', spec: Partial<Node['spec']> = {}, placement?: Placement) => {
  const node: Node = {
    apiVersion: 'guildhall.dev/v1alpha1',
    kind: 'Node',
    metadata: { name: 'peer0', namespace: 'gh-trade--acme' },
    spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local', ...spec },
  };
  const settings = { role: node.spec.role, id: 'acme/peer0', mspId: 'AcmeMSP', host: '127.1.1.1', profile };
  const labels = { 'app.kubernetes.io/managed-by': 'guildhall', 'guildhall.dev/consortium': 'trade', 'guildhall.dev/member': 'acme', 'guildhall.dev/node': 'peer0', 'app.kubernetes.io/component': node.spec.role };
  const { spec: set } = statefulSet({ node, settings, image: 'image', labels, materialDigest: 'digest', placement });
  const pod = set?.template?.spec;
  const [container] = pod?.containers ?? [];
  if (set === undefined || pod === undefined || container === undefined) throw new Error('there is no container');
  return { set, pod, container };
};

test('a pod passes the restricted standard, and has no token of the cluster', () => {
  const { pod, container } = made('production');
  const { securityContext, automountServiceAccountToken } = pod;
  assert.deepEqual([securityContext?.runAsNonRoot, securityContext?.seccompProfile?.type, automountServiceAccountToken], [true, 'RuntimeDefault', false]);
  assert.deepEqual([container.securityContext?.allowPrivilegeEscalation, container.securityContext?.capabilities?.drop], [false, ['ALL']]);
});

test('a node writes to its volume only, and a peer’s builder of contracts to a folder that is limited', () => {
  for (const [role, folders] of [['peer', ['/var/guildhall/data', '/var/guildhall/tmp']], ['orderer', ['/var/guildhall/data']]] as const) {
    const { pod, container } = made('production', { role });
    assert.equal(container.securityContext?.readOnlyRootFilesystem, true);
    assert.deepEqual(container.volumeMounts?.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath), folders);
    assert.deepEqual(pod.volumes?.flatMap(({ emptyDir }) => emptyDir ?? []), role === 'peer' ? [{ sizeLimit: '256Mi' }] : []);
  }
  assert.equal(made('production').container.env?.find(({ name }) => name === 'TMPDIR')?.value, '/var/guildhall/tmp');
});

test('volumes outlive the set', () => {
  assert.deepEqual(made('production').set.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
});

test('a hang ends within 12 s in a sandbox; three looks are taken before, whatever the profile', () => {
  for (const profile of ['sandbox', 'production'] as const) {
    const { periodSeconds = 0, timeoutSeconds = 0, failureThreshold = 0, terminationGracePeriodSeconds } = made(profile).container.livenessProbe ?? {};
    assert.equal(terminationGracePeriodSeconds, 1, 'who hangs hears no signal');
    assert.deepEqual([failureThreshold, timeoutSeconds], [3, 3], profile);
    const longest = periodSeconds + (failureThreshold - 1) * Math.max(periodSeconds, timeoutSeconds) + timeoutSeconds;
    assert.ok(longest <= (profile === 'sandbox' ? 12 : 20), `${profile}: ${longest} s`);
  }
});

test('a restart that is asked for makes another pod, and the same wish read again does not', () => {
  const template = (restartedAt?: string): unknown => made('production', restartedAt === undefined ? {} : { restartedAt }).set.template;
  assert.notDeepEqual(template('2026-01-01T00:00:00Z'), template());
  assert.notDeepEqual(template('2026-01-02T00:00:00Z'), template('2026-01-01T00:00:00Z'));
  assert.deepEqual(template('2026-01-01T00:00:00Z'), template('2026-01-01T00:00:00Z'));
});

test('what a node asks for reaches its pod and its claim, as the API server spells it', () => {
  const { set, container } = made('production', { resources: { cpu: '2000m', memory: '1024Mi' }, storage: { size: '2048Mi', className: 'fast' } });
  assert.deepEqual(container.resources, { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '2', memory: '1Gi' } });
  const claim = set.volumeClaimTemplates?.[0]?.spec;
  assert.deepEqual([claim?.resources?.requests?.['storage'], claim?.storageClassName], ['2Gi', 'fast']);
});

test('the scheduler reckons with every node: what it does not ask for it asks for as usual, and is not limited in', () => {
  assert.deepEqual(made('production').container.resources, { requests: { cpu: '50m', memory: '220Mi' } });
  assert.deepEqual(made('production', { role: 'orderer' }).container.resources, { requests: { cpu: '50m', memory: '140Mi' } });
  assert.deepEqual(made('production', { resources: { memory: '1Gi' } }).container.resources, { requests: { cpu: '50m', memory: '1Gi' }, limits: { memory: '1Gi' } });
});

test('machines apart, and then zones: orderers from all of the consortium, in all namespaces of Guildhall, peers from those of their member', () => {
  const wishes = (role: 'peer' | 'orderer') => made('production', { role }).pod.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const orderers = { labelSelector: { matchLabels: { 'guildhall.dev/consortium': 'trade', 'app.kubernetes.io/component': 'orderer' } }, namespaceSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'guildhall' } } };
  assert.deepEqual(wishes('orderer'), [
    { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', ...orderers } },
    { weight: 50, podAffinityTerm: { topologyKey: 'topology.kubernetes.io/zone', ...orderers } },
  ]);
  const peers = { labelSelector: { matchLabels: { 'guildhall.dev/consortium': 'trade', 'guildhall.dev/member': 'acme', 'app.kubernetes.io/component': 'peer' } } };
  assert.deepEqual(wishes('peer')[0]?.podAffinityTerm, { topologyKey: 'kubernetes.io/hostname', ...peers });
});

test('it is placed as the installation says, and its wish to be apart stays', () => {
  const placement: Placement = { nodeSelector: { pool: 'ledgers' }, tolerations: [{ key: 'pool', operator: 'Exists' }], priorityClassName: 'ledgers' };
  const { pod } = made('production', {}, placement);
  assert.partialDeepStrictEqual(pod, placement);
  assert.deepEqual(pod.affinity, made('production').pod.affinity);
});

test('its timers are those of the profile', () => {
  const variables = made('sandbox').container.env?.map(({ name }) => name) ?? [];
  assert.ok(variables.includes('CORE_PEER_GOSSIP_ALIVETIMEINTERVAL'));
});
