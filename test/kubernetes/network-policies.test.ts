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
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { dials, type Target } from './support/dial.ts';
import { install, loadImages, namespace, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const [core, supplier, stranger] = ['gh-harbour--core', 'gh-harbour--supplier', 'gh-stranger--core'];
const operator = { namespace, pod: 'deployment/guildhall-operator' };
const controlPlane = { namespace, pod: 'deployment/guildhall-control-plane' };
const gateway = { namespace, pod: 'deployment/guildhall-ledger-gateway' };

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

describe('consortia on a network that enforces policies', { skip: skipWithoutNode }, () => {
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
  const at = (service: string, port: number, of = core): Target => ({ what: `${of}/${service} ${port}`, host: addressOf(service, of), port });
  const apiServer: Target = { what: 'the API server', host: '10.96.0.1', port: 443 };
  const outside = (): Target => ({ what: 'the internet', host: node.sandbox.outside, port: (internet.address() as AddressInfo).port });
  const inWords = (targets: readonly Target[]): string[] => targets.map(({ what }) => what);

  test('a consortium comes up, and transactions of two members are committed', async () => {
    await create(api, smallConsortium('harbour'));
    await agreeOnTerms(api, 'harbour');
    await issue(api, 'harbour', 'first');
    assert.equal((await note(api, 'harbour', 'first')).state, 'ISSUED');
    await running(api, 'harbour');
  });

  test('what works together reaches one another', () => {
    const ofOperator = [at('peer0', ports.peer.grpc), at('peer0', ports.peer.operations), at('orderer0', ports.orderer.grpc), at('orderer0', ports.orderer.admin), at(contract(), ports.contract.health)];
    assert.deepEqual(dials(node, operator, ofOperator), inWords(ofOperator));
    const peer = at('peer0', ports.peer.grpc);
    assert.deepEqual(dials(node, gateway, [peer]), inWords([peer]));
    const api = at('guildhall-control-plane', 4000, namespace);
    assert.deepEqual(dials(node, elsewhere, [api]), inWords([api]), 'it is for everybody who has a token');
  });

  test('another namespace reaches no peer, no orderer, no contract’s instance, and neither does another consortium’s', () => {
    const nodes = [
      at('peer0', ports.peer.grpc), at('peer0', ports.peer.operations), at('orderer0', ports.orderer.grpc), at('orderer0', ports.orderer.admin), at(contract(), ports.contract.grpc), at(contract(), ports.contract.health),
      at('peer0', ports.peer.grpc, supplier),
    ];
    for (const from of [elsewhere, { namespace: stranger, pod: 'idle' }]) assert.deepEqual(dials(node, from, nodes), [], from.namespace);
    const database = at('guildhall-postgres', 5432, namespace);
    assert.deepEqual(dials(node, elsewhere, [at('guildhall-ledger-gateway', 7443, namespace), database]), []);
    assert.deepEqual(dials(node, controlPlane, [database]), inWords([database]), 'it is there');
  });

  test('of Guildhall itself only the operator reaches an orderer’s admin port and a contract', () => {
    for (const from of [controlPlane, gateway]) assert.deepEqual(dials(node, from, [at('orderer0', ports.orderer.admin), at(contract(), ports.contract.grpc)]), [], from.pod);
  });

  test('a contract’s instance reaches nothing but where its code is: no node, no API server, nothing outside', () => {
    const instance = { namespace: core, pod: `${contract()}-0` };
    assert.deepEqual(dials(node, elsewhere, [outside()]), inWords([outside()]), 'it is there');
    const code = at('guildhall-control-plane', 4000, namespace);
    assert.deepEqual(dials(node, instance, [outside(), apiServer, at('peer0', ports.peer.grpc), at('orderer0', ports.orderer.grpc), code]), inWords([code]));
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
    assert.deepEqual(dials(node, { namespace: stranger, pod: 'idle' }, [at('peer0', ports.peer.grpc)]), []);
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
    assert.deepEqual(dials(node, elsewhere, [at('orderer0', ports.orderer.grpc)]), []);
  });

  test('switched off, the policies go', async () => {
    install(node, { ...values, networkPolicies: { enabled: false } });
    await until('none is left', () => node.kubectl('get', 'networkpolicies', '--all-namespaces', '--output', 'name').trim() === '');
  });
});
