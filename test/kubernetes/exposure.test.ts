import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createSigner, generateKeyPair, selfSignCertificate } from '@guildhall/pki';
import { ports } from '@guildhall/resources';
import type { Api } from '../e2e/support/api.ts';
import { create, running, smallConsortium } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import { tlsRouteFile } from '../support/kubernetes/gateway-api.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { install, loadImages, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const domain = 'ledger.example';
const gateway = { namespace: 'gateways', name: 'ledgers', port: 8443 };

interface NodeObject {
  spec: { exposure: string };
  status: { endpoint: string; externalEndpoint?: string; conditions: { type: string; status: string; reason: string; message: string }[] };
}

/** A client of TLS outside the cluster: whether it gets to a server whose certificate is for the host and of the member's root. */
function shakesHands(address: string, port: number, host: string, rootFile: string): { trusted: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    ['s_client', '-connect', `${address}:${port}`, '-servername', host, '-verify_hostname', host, '-CAfile', rootFile, '-verify_return_error', '-alpn', 'h2', '-brief'],
    { encoding: 'utf8', input: '', timeout: 10_000 },
  );
  return { trusted: status === 0, said: stdout + stderr };
}

describe('nodes that are reached from outside', { skip: skipWithoutNode }, () => {
  let node: KubernetesNode;
  let way: Reached | undefined;
  let api: Api;
  let impostor: Server | undefined;
  before(async () => {
    node = await startTestNode({ enforcesNetworkPolicies: true });
    loadImages(node);
    leads(node.sandbox.address);
    install(node, { ...values, exposure: { default: 'NodePort', domain, gateway } });
    way = await reachApi(node);
    api = way.api;
  });
  after(async () => {
    way?.stop();
    impostor?.close();
    await node?.stop();
  });

  /** What names below the domain lead to; nothing: they lead nowhere. */
  function leads(address: string | undefined): void {
    const answer = address === undefined ? 'rcode NXDOMAIN' : `answer "{{ .Name }} 0 IN A ${address}"`;
    const zone = `${domain}:5353 {\n  template IN A {\n    ${answer}\n  }\n  template IN AAAA {\n    rcode ${address === undefined ? 'NXDOMAIN' : 'NOERROR'}\n  }\n}\n`;
    const { data } = JSON.parse(node.kubectl('--namespace', 'kube-system', 'get', 'configmap', 'coredns', '--output', 'json')) as { data: { Corefile: string } };
    const Corefile = `.:5353 {${data.Corefile.split('.:5353 {')[1] ?? assert.fail('the cluster’s names')}`.split(`${domain}:5353`)[0] ?? '';
    node.apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: 'kube-system' }, data: { Corefile: Corefile + zone } }]);
    node.kubectl('--namespace', 'kube-system', 'rollout', 'restart', 'deployment/coredns');
    node.kubectl('--namespace', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s');
  }
  const read = (name: string, of: string): NodeObject => JSON.parse(node.kubectl('--namespace', of, 'get', 'node.guildhall.dev', name, '--output', 'json'));
  const conditionOf = (name: string, of: string, type: string) => read(name, of).status.conditions.find((each) => each.type === type);
  const complaint = (name: string, of: string): string => conditionOf(name, of, 'Degraded')?.message ?? '';
  const externalOf = (name: string, of: string): { host: string; port: number } => {
    const [host = '', port] = (read(name, of).status.externalEndpoint ?? assert.fail('no endpoint outside')).split(':');
    return { host, port: Number(port) };
  };
  const rootOf = (of: string): string => node.file(node.kubectl('--namespace', of, 'get', 'members.guildhall.dev', '--output', 'jsonpath={.items[0].status.certificateAuthority.tls.root}'));
  const [core, supplier] = ['gh-harbour--core', 'gh-harbour--supplier'];

  test('a consortium whose nodes are exposed works, within the cluster by the names there', async () => {
    await create(api, smallConsortium('harbour'));
    await agreeOnTerms(api, 'harbour');
    await issue(api, 'harbour', 'first');
    assert.equal((await note(api, 'harbour', 'first')).state, 'ISSUED');
    await running(api, 'harbour');
    assert.equal(read('peer0', core).status.endpoint, `peer0.${core}.svc:7051`);
  });

  test('by a port of the machine, who is outside gets to the node that he names, and it shows a certificate for that name', async () => {
    for (const [name, of, member] of [['peer0', core, 'core'], ['orderer0', core, 'core'], ['peer0', supplier, 'supplier']] as const) {
      await until(`${name} has an endpoint outside`, () => read(name, of).status.externalEndpoint !== undefined);
      const { host, port } = externalOf(name, of);
      assert.equal(host, `${name}.${member}.harbour.${domain}`);
      const { trusted, said } = shakesHands(node.sandbox.address, port, host, rootOf(of));
      assert.ok(trusted, said);
    }
    const other = shakesHands(node.sandbox.address, externalOf('peer0', supplier).port, externalOf('peer0', core).host, rootOf(supplier));
    assert.ok(!other.trusted, 'another member’s node has no certificate for the name');
  });

  test('gRPC alone is at a port outside: no admin port, no figures', () => {
    const service = JSON.parse(node.kubectl('--namespace', core, 'get', 'service', 'orderer0--external', '--output', 'json')) as { spec: { ports: { port: number }[] } };
    assert.deepEqual(service.spec.ports.map(({ port }) => port), [ports.orderer.grpc]);
    assert.equal(node.kubectl('--namespace', core, 'get', 'service', 'orderer0', '--output', 'jsonpath={.spec.type}'), 'ClusterIP');
  });

  test('applications are told the names outside', async () => {
    const { connectionProfile } = await api.request<{ connectionProfile: { json: string } }>('query($c: String!) { connectionProfile(consortium: $c, member: "core", channel: "trade") { json } }', { c: 'harbour' });
    assert.ok(connectionProfile.json.includes(`grpcs://${read('peer0', core).status.externalEndpoint}`), connectionProfile.json);
  });

  test('the way that does not lead to the node is named by its hop, while the node stays ready, and nothing is said any more when it does', async () => {
    const saysOf = async (what: RegExp): Promise<void> => {
      await until(String(what), () => what.test(complaint('peer0', core)), 90_000, 1000);
      assert.equal(conditionOf('peer0', core, 'Degraded')?.reason, 'UnreachableFromOutside');
      assert.equal(conditionOf('peer0', core, 'Ready')?.status, 'True');
    };
    await until('all is well', () => complaint('peer0', core) === '', 90_000, 1000);
    leads(undefined);
    await saysOf(/The name peer0\.core\.harbour\.ledger\.example leads to no address/);
    leads(node.sandbox.outside);
    const { port } = externalOf('peer0', core);
    await saysOf(new RegExp(`No connection to ${node.sandbox.outside} port ${port} \\(ECONNREFUSED\\)`));
    const key = (await generateKeyPair()).privateKeyPem;
    const foreign = await selfSignCertificate({ subject: [{ type: 'CN', value: 'impostor' }], notAfter: new Date(Date.now() + 86_400_000), keyUsage: ['digitalSignature'], basicConstraints: { ca: false } }, createSigner(key), { now: new Date() });
    impostor = createServer({ key, cert: foreign.pem }).listen(port, node.sandbox.outside);
    await once(impostor, 'listening');
    await saysOf(/another server answers: its certificate is of CN=impostor/);
    leads(node.sandbox.address);
    await until('all is well again', () => complaint('peer0', core) === '', 90_000, 1000);
  });

  test('through a gateway that goes by the name: without the Gateway API its absence is named, and with it who is outside gets to each node by its name alone', async () => {
    // Nodes are exposed once and for all; those of another consortium are exposed otherwise.
    install(node, { ...values, exposure: { default: 'Gateway', domain, gateway } });
    way?.stop();
    way = await reachApi(node);
    api = way.api;
    await create(api, smallConsortium('pier'));
    const pier = 'gh-pier--core';
    await until('the absence is named', () => /does not know TLSRoute/.test(complaint('peer0', pier)), 60_000, 1000);

    node.kubectl('apply', '--server-side', '-f', tlsRouteFile());
    node.kubectl('wait', '--for=condition=Established', 'crd/tlsroutes.gateway.networking.k8s.io', '--timeout=30s');
    // The chart asks the cluster for the version of the kind.
    install(node, { ...values, exposure: { default: 'Gateway', domain, gateway } });
    const { token } = (JSON.parse(readFileSync(node.kubeconfig, 'utf8')) as { users: [{ user: { token: string } }] }).users[0].user;
    const file = fileURLToPath(new URL('support/tls-gateway.ts', import.meta.url));
    const startGateway = (hostname: string): void => {
      const access = { server: node.api.server, token, certificateAuthority: node.api.certificateAuthority, gateway: { ...gateway, listener: { hostname } } };
      node.sandbox.start('gateway', process.execPath, [file, node.file(JSON.stringify(access)), String(gateway.port)]);
    };
    await until('routes are there', () => node.kubectl('get', 'tlsroutes', '--all-namespaces', '--output', 'name').trim().split('\n').length === 3, 60_000, 1000);
    await until('that no gateway answers is said', () => /No gateway has said anything of TLSRoute peer0 yet\. See that the Gateway gateways\/ledgers is there/.test(complaint('peer0', pier)), 90_000, 1000);
    startGateway('*.elsewhere.example');
    await until('a gateway that refuses the route is named', () => /The gateway gateways\/ledgers refuses TLSRoute peer0: Accepted is False with NoMatchingListenerHostname, .*Give its listener a host name/.test(complaint('peer0', pier)), 60_000, 1000);
    assert.equal(conditionOf('peer0', pier, 'Degraded')?.reason, 'UnreachableFromOutside');
    assert.equal(conditionOf('peer0', pier, 'Ready')?.status, 'True');
    await node.sandbox.end('gateway');
    startGateway(`*.${domain}`);
    for (const [name, of, member] of [['peer0', pier, 'core'], ['orderer0', pier, 'core'], ['peer0', 'gh-pier--supplier', 'supplier']] as const) {
      const host = `${name}.${member}.pier.${domain}`;
      assert.equal(read(name, of).status.externalEndpoint, `${host}:${gateway.port}`);
      await until(`${host} is reached`, () => shakesHands(node.sandbox.address, gateway.port, host, rootOf(of)).trusted, 30_000, 500);
      await until(`${name} is well`, () => complaint(name, of) === '', 60_000, 1000);
    }
    assert.ok(!shakesHands(node.sandbox.address, gateway.port, `peer0.core.harbour.${domain}`, rootOf(core)).trusted, 'a node that is not behind the gateway');
  });
});
