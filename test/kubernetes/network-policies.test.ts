import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { apiVersion, ports } from '@guildhall/resources';
import type { Api } from '../e2e/support/api.ts';
import { create, running, smallConsortium } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { lackingTools, skipWithoutNode, startTestNode } from './node-under-test.ts';
import { dials } from './support/dial.ts';
import { install, loadImages, namespace, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const [core, supplier, stranger] = ['gh-harbour--core', 'gh-harbour--supplier', 'gh-stranger--core'];
const operator = { namespace, pod: 'deployment/guildhall-operator' };
const controlPlane = { namespace, pod: 'deployment/guildhall-control-plane' };

/** Does nothing, with the labels of a peer and an image that has Node.js. */
const idlePod = (inNamespace: string, labels: Record<string, string>): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'idle', namespace: inNamespace, labels },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{
      name: 'idle', image: 'guildhall/operator:0.1.0', imagePullPolicy: 'Never', command: ['node', '-e', 'setInterval(() => {}, 1e6)'],
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    }],
  },
});

describe('consortia on a network that enforces policies', { skip: skipWithoutNode || (await lackingTools()) }, () => {
  let node: KubernetesNode;
  let way: Reached | undefined;
  let api: Api;
  let internet: Server;
  before(async () => {
    node = await startTestNode({ enforcesNetworkPolicies: true });
    loadImages(node);
    install(node);
    way = await reachApi(node);
    api = way.api;
    internet = createServer((socket) => socket.end()).listen(0, node.sandbox.outside);
    await once(internet, 'listening');
    node.kubectl('create', 'namespace', 'elsewhere');
    node.kubectl('create', 'namespace', stranger);
    node.kubectl('label', 'namespace', stranger, 'app.kubernetes.io/managed-by=guildhall');
    node.apply([idlePod('elsewhere', { 'app.kubernetes.io/component': 'peer' }), idlePod(stranger, { 'app.kubernetes.io/component': 'peer' })]);
    for (const each of ['elsewhere', stranger]) node.kubectl('--namespace', each, 'wait', '--for=condition=Ready', 'pod/idle', '--timeout=60s');
  });
  after(async () => {
    way?.stop();
    internet?.close();
    await node?.stop();
  });

  const elsewhere = { namespace: 'elsewhere', pod: 'idle' };
  const addressOf = (service: string, of: string): string => node.kubectl('--namespace', of, 'get', 'service', service, '--output', 'jsonpath={.spec.clusterIP}');
  const contract = (): string => node.kubectl('--namespace', core, 'get', 'service', '--selector', 'app.kubernetes.io/component=contract', '--output', 'jsonpath={.items[0].metadata.name}');
  const reaches = (from: { namespace: string; pod: string }, service: string, port: number, of = core): boolean => dials(node, from, addressOf(service, of), port);

  test('a consortium comes up, and transactions of two members are committed', async () => {
    await create(api, smallConsortium('harbour'));
    await agreeOnTerms(api, 'harbour');
    await issue(api, 'harbour', 'first');
    assert.equal((await note(api, 'harbour', 'first')).state, 'ISSUED');
    await running(api, 'harbour');
  });

  test('what works together reaches one another', () => {
    for (const [service, port] of [['peer0', ports.peer.grpc], ['peer0', ports.peer.operations], ['orderer0', ports.orderer.grpc], ['orderer0', ports.orderer.admin], [contract(), ports.contract.health]] as const)
      assert.ok(reaches(operator, service, port), `the operator, ${service} ${port}`);
    assert.ok(reaches({ namespace, pod: 'deployment/guildhall-ledger-gateway' }, 'peer0', ports.peer.grpc));
    assert.ok(dials(node, elsewhere, addressOf('guildhall-control-plane', namespace), 4000), 'the API is for everybody who has a token');
  });

  test('another namespace reaches no peer, no orderer, no contract’s instance, and neither does another consortium’s', async () => {
    for (const from of [elsewhere, { namespace: stranger, pod: 'idle' }])
      for (const [service, port] of [['peer0', ports.peer.grpc], ['peer0', ports.peer.operations], ['orderer0', ports.orderer.grpc], ['orderer0', ports.orderer.admin], [contract(), ports.contract.grpc], [contract(), ports.contract.health]] as const)
        assert.ok(!reaches(from, service, port), `${from.namespace}, ${service} ${port}`);
    assert.ok(!reaches(elsewhere, 'peer0', ports.peer.grpc, supplier));
    for (const [service, port] of [['guildhall-ledger-gateway', 7443], ['guildhall-postgres', 5432]] as const) assert.ok(!dials(node, elsewhere, addressOf(service, namespace), port), service);
    assert.ok(dials(node, controlPlane, addressOf('guildhall-postgres', namespace), 5432), 'it is there');
  });

  test('of Guildhall itself only the operator reaches an orderer’s admin port and a contract', () => {
    for (const from of [controlPlane, { namespace, pod: 'deployment/guildhall-ledger-gateway' }]) {
      assert.ok(!reaches(from, 'orderer0', ports.orderer.admin), from.pod);
      assert.ok(!reaches(from, contract(), ports.contract.grpc), from.pod);
    }
  });

  test('a contract’s instance reaches nothing but where its code is: no node, no API server, nothing outside', () => {
    const instance = { namespace: core, pod: `${contract()}-0` };
    const { port } = internet.address() as AddressInfo;
    assert.ok(dials(node, elsewhere, node.sandbox.outside, port), 'it is there');
    assert.ok(!dials(node, instance, node.sandbox.outside, port));
    assert.ok(!dials(node, instance, '10.96.0.1', 443));
    for (const [service, number] of [['peer0', ports.peer.grpc], ['orderer0', ports.orderer.grpc]] as const) assert.ok(!reaches(instance, service, number), service);
    assert.ok(dials(node, instance, addressOf('guildhall-control-plane', namespace), 4000));
  });

  test('who refers to a consortium that does not name him gets nothing made, and is told so', async () => {
    const object = (kind: string, name: string, spec: object): object => ({ apiVersion, kind, metadata: { name, namespace: stranger }, spec });
    const digest = `sha256:${'0'.repeat(64)}`;
    const channel = { namespace: 'gh-harbour', name: 'trade' };
    node.apply([
      object('Member', 'core', { consortium: { namespace: 'gh-harbour', name: 'harbour' }, mspId: 'CoreMSP', roles: ['ordering', 'endorsing'] }),
      object('Node', 'peer0', { member: 'core', role: 'peer' }),
      object('ChannelMembership', 'trade', { channel, channelDigest: digest, peers: ['peer0'], orderers: [], anchorPeers: [] }),
      object('ContractInstallation', 'receivable', { contract: { namespace: 'gh-harbour', name: 'receivable' }, contractDigest: digest, artifactDigest: digest, peers: ['peer0'] }),
    ]);
    for (const [kind, name] of [['member', 'core'], ['node', 'peer0'], ['channelmembership', 'trade'], ['contractinstallation', 'receivable']] as const) {
      const said = (): string => node.kubectl('--namespace', stranger, 'get', `${kind}.guildhall.dev`, name, '--output', 'jsonpath={.status.conditions[?(@.type=="Stalled")].reason} {.status.conditions[?(@.type=="Stalled")].message}');
      await until(`${kind} is stalled`, () => /^ReferenceNotAllowed Consortium harbour does not name a member "core" .* in namespace gh-stranger--core/.test(said()));
    }
    assert.equal(node.kubectl('--namespace', stranger, 'get', 'statefulsets,services,secrets', '--output', 'name').trim(), '');
    await running(api, 'harbour');
    assert.ok(!reaches({ namespace: stranger, pod: 'idle' }, 'peer0', ports.peer.grpc));
  });

  test('a policy that somebody takes away, opens or turns to other pods is put back', async () => {
    const policy = (): { uid: string; spec: string } => {
      const { metadata, spec } = JSON.parse(node.kubectl('--namespace', core, 'get', 'networkpolicy', 'guildhall-default', '--output', 'json'));
      return { uid: metadata.uid, spec: JSON.stringify(spec) };
    };
    const first = policy();
    node.kubectl('--namespace', core, 'delete', 'networkpolicy', 'guildhall-default');
    await until('it is there again', () => policy().uid !== first.uid);
    for (const spec of [{ ingress: [{}] }, { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }]) {
      node.kubectl('--namespace', core, 'patch', 'networkpolicy', 'guildhall-default', '--type', 'merge', '--patch', JSON.stringify({ spec }));
      await until('it is as it was', () => policy().spec === first.spec);
    }
    assert.ok(!reaches(elsewhere, 'orderer0', ports.orderer.grpc));
  });

  test('switched off, the policies go', async () => {
    install(node, { ...values, networkPolicies: { enabled: false } });
    await until('none is left', () => node.kubectl('get', 'networkpolicies', '--all-namespaces', '--output', 'name').trim() === '');
  });
});
