import assert from 'node:assert/strict';
import test from 'node:test';
import type { Preflight } from '@guildhall/fabric';
import type { Service } from '@guildhall/kubernetes';
import type { Exposure, Node } from '@guildhall/resources';
import { externalEndpoint, outsideOf, outsideProblem } from './outside.ts';
import { nodePortService, tlsRoute } from './route.ts';

const node = (exposure: Exposure): Node => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace: 'gh-trade--acme' },
  spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure },
});
const gateway = { namespace: 'gateways', name: 'ledgers', port: 443, version: 'v1' };
const exposure = { domain: 'ledger.example', gateway };
const nothing = { exposure, service: undefined, found: undefined, routeFault: undefined, notAccepted: undefined };
const service: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'peer0--external' }, spec: { ports: [{ port: 7051, nodePort: 30_551 }] } };

test('within the cluster there is no outside', () => assert.deepEqual([outsideOf(node('ClusterDNS'), nothing), outsideOf(node('Local'), nothing)], [undefined, undefined]));

test('its name has its member and its consortium in it, and its port is the one of the way', () => {
  const host = 'peer0.acme.trade.ledger.example';
  assert.equal(externalEndpoint(outsideOf(node('NodePort'), { ...nothing, service })), `${host}:30551`);
  assert.equal(externalEndpoint(outsideOf(node('NodePort'), nothing)), undefined, 'the cluster has given no port yet');
  assert.equal(externalEndpoint(outsideOf(node('Gateway'), nothing)), `${host}:443`);
});

test('what the installation lacks is named', () => {
  assert.match(JSON.stringify(outsideOf(node('NodePort'), { ...nothing, exposure: undefined })), /set exposure\.domain/);
  assert.match(JSON.stringify(outsideOf(node('Gateway'), { ...nothing, exposure: { domain: 'ledger.example' } })), /set exposure\.gateway/);
});

test('a gateway that refuses the route is named before what comes of that, but not while the node is reached', () => {
  const told = (found: Preflight | undefined): string | undefined => outsideProblem(outsideOf(node('Gateway'), { ...nothing, found, notAccepted: 'It is refused.' }))?.message;
  assert.deepEqual([told(undefined), told({ reached: false, hop: 'connection', why: 'Nobody listens.', next: 'Look.' }), told({ reached: true })], ['It is refused.', 'It is refused.', undefined]);
});

test('what leads in from outside leads to gRPC and nothing else', () => {
  const made = nodePortService(node('NodePort'), { 'guildhall.dev/node': 'peer0' }, undefined);
  assert.deepEqual([made.metadata.name, made.spec?.type, made.spec?.ports?.map((each) => each?.port)], ['peer0--external', 'NodePort', [7051]]);
  const route = tlsRoute(node('Gateway'), {}, 'peer0.acme.trade.ledger.example', gateway);
  assert.deepEqual(route.spec, {
    parentRefs: [{ namespace: 'gateways', name: 'ledgers' }], hostnames: ['peer0.acme.trade.ledger.example'], rules: [{ backendRefs: [{ name: 'peer0', port: 7051 }] }],
  });
});
