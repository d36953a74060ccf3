import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkPolicyPeer } from '@guildhall/kubernetes';
import { labels, ports } from '@guildhall/resources';
import { policiesOf } from './network-policies.ts';

interface Pod {
  namespace: string;
  labels: Record<string, string>;
}

const core = 'gh-trade--core';
const supplier = 'gh-trade--supplier';
const policies = new Map([core, supplier].map((namespace) => [namespace, policiesOf({ namespace, partners: [core, supplier], own: 'guildhall' })]));
const pod = (namespace: string, component: string, more: Record<string, string> = {}): Pod => ({ namespace, labels: { [labels.component]: component, ...more } });
const guildhall = (component: string): Pod => pod('guildhall', component, { 'app.kubernetes.io/name': 'guildhall' });

const has = (pod: Pod, wanted: Record<string, string> = {}): boolean => Object.entries(wanted).every(([key, value]) => pod.labels[key] === value);
const isOne = (pod: Pod, { namespaceSelector, podSelector }: NetworkPolicyPeer): boolean =>
  namespaceSelector?.matchExpressions?.[0]?.values?.includes(pod.namespace) === true && has(pod, podSelector?.matchLabels);

/** As Kubernetes reads policies: what none of a pod's allows is refused, and of a namespace without policies everything is allowed. */
function passes(direction: 'ingress' | 'egress', at: Pod, other: Pod, port: number): boolean {
  const ofPod = policies.get(at.namespace)?.filter(({ spec }) => has(at, spec.podSelector.matchLabels) && spec[direction] !== undefined) ?? [];
  const rules = ofPod.flatMap(({ spec }) => (spec[direction] ?? []).map((rule) => ({ peers: 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined, ports: rule.ports })));
  return ofPod.length === 0 || rules.some((rule) => (rule.peers === undefined || rule.peers.some((peer) => isOne(other, peer))) && rule.ports?.some((each) => each.port === port));
}
const reaches = (from: Pod, to: Pod, port: number): boolean => passes('egress', from, to, port) && passes('ingress', to, from, port);

const [peer, orderer, contract] = (['peer', 'orderer', 'contract'] as const).map((component) => pod(core, component)) as [Pod, Pod, Pod];
const abroad = pod(supplier, 'peer');

test('nodes reach those of the consortium at the ports by which they work together', () => {
  for (const [from, to, port] of [[peer, abroad, ports.peer.grpc], [abroad, orderer, ports.orderer.grpc], [orderer, pod(supplier, 'orderer'), ports.orderer.grpc], [peer, contract, ports.contract.grpc]] as const)
    assert.ok(reaches(from, to, port), `${JSON.stringify(from)} to ${JSON.stringify(to)} at ${port}`);
});

test('the operator reaches all that it asks, the gateway what takes transactions, and an instance loads its code', () => {
  for (const [to, numbers] of [[peer, [ports.peer.grpc, ports.peer.operations]], [orderer, [ports.orderer.grpc, ports.orderer.admin, ports.orderer.operations]], [contract, [ports.contract.health]]] as const)
    for (const port of numbers) assert.ok(reaches(guildhall('operator'), to, port), `${JSON.stringify(to)} at ${port}`);
  assert.ok(reaches(guildhall('ledger-gateway'), peer, ports.peer.grpc));
  assert.ok(reaches(guildhall('ledger-gateway'), orderer, ports.orderer.grpc));
  assert.ok(reaches(pod(core, 'contract', { [labels.loadsCode]: 'true' }), guildhall('control-plane'), 4000));
  assert.ok(reaches(contract, pod('kube-system', 'dns', { 'k8s-app': 'kube-dns' }), 53));
});

test('nobody else reaches anything', () => {
  const strangers = [pod('gh-other--core', 'peer'), pod('default', 'peer'), pod('default', 'operator', { 'app.kubernetes.io/name': 'guildhall' }), guildhall('control-plane')];
  for (const stranger of strangers)
    for (const to of [peer, orderer, contract])
      for (const port of Object.values(ports).flatMap((numbers) => Object.values(numbers))) assert.ok(!reaches(stranger, to, port), `${JSON.stringify(stranger)} to ${JSON.stringify(to)} at ${port}`);
});

test('an orderer’s admin port is the operator’s, and a contract’s instance its own member’s peers’ and the operator’s', () => {
  for (const from of [guildhall('ledger-gateway'), peer, abroad, pod(supplier, 'orderer')]) assert.ok(!reaches(from, orderer, ports.orderer.admin));
  for (const from of [abroad, orderer, guildhall('control-plane'), guildhall('ledger-gateway')]) assert.ok(!reaches(from, contract, ports.contract.grpc));
});

test('what runs in a consortium does not get out', () => {
  const outside: Pod = { namespace: 'internet', labels: {} };
  assert.ok(!reaches(contract, guildhall('control-plane'), 4000), 'an image of its own has no code to load');
  for (const from of [peer, orderer, contract]) for (const port of [53, 80, 443, 4000]) assert.ok(!reaches(from, outside, port));
  for (const to of [peer, orderer]) assert.ok(!reaches(contract, to, to === peer ? ports.peer.grpc : ports.orderer.grpc));
});

test('a node that is exposed is reached at its gRPC port by everybody, and at no other', () => {
  const exposed = pod(core, 'orderer', { [labels.exposed]: 'true' });
  const outside: Pod = { namespace: 'internet', labels: {} };
  assert.ok(reaches(outside, exposed, ports.orderer.grpc));
  assert.ok(!reaches(outside, exposed, ports.orderer.admin));
});
