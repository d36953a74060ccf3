import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Api } from '../e2e/support/api.ts';
import { running } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import type { Cluster } from '../support/kubernetes/cluster.ts';
import { skip, useTestCluster } from './node-under-test.ts';
import { install, loadImages, namespace } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const example = fileURLToPath(new URL('../../docs/examples/consortium.yaml', import.meta.url));
const documents = readFileSync(example, 'utf8').split('---\n');
const [core, supplier] = ['gh-garden--core', 'gh-garden--supplier'];

describe('a consortium that is written as YAML (docs/gitops.md)', { skip }, () => {
  let node: Cluster;
  let way: Reached | undefined;
  let api: Api;
  before(async () => {
    node = await useTestCluster();
    loadImages(node);
    install(node);
    way = await reachApi(node);
    api = way.api;
  });
  after(async () => {
    way?.stop();
    await node?.stop();
  });
  /** As a tool that follows a repository does it. */
  const apply = (yaml: string): string => node.kubectl('apply', '--server-side', '--field-manager=gitops', '--filename', node.file(yaml));
  const waitFor = (condition: string, of: string, ...objects: string[]): string => node.kubectl('wait', `--for=${condition}`, '--namespace', of, ...objects, '--timeout=300s');

  test('the digests in it are what the program in the control plane prints', () => {
    const printed = node.kubectl('--namespace', namespace, 'exec', '--stdin', 'deployment/guildhall-control-plane', '--', 'sh', '-c', `node /app/digests.mjs <<'END'\n${readFileSync(example, 'utf8')}\nEND`);
    const digests = [...printed.matchAll(/^(Channel|Contract) gh-garden\/\S+ (sha256:[0-9a-f]{64})$/gm)].map(([, , digest = '']) => digest);
    assert.equal(digests.length, 2);
    for (const digest of digests) assert.equal(readFileSync(example, 'utf8').split(digest).length, 3, `both members consent to ${digest}`);
  });

  test('it comes up without the API, and kubectl waits for it', () => {
    node.kubectl('apply', '--server-side', '--field-manager=gitops', '--filename', example);
    waitFor('condition=Ready', 'gh-garden', 'consortium.guildhall.dev/garden', 'channel.guildhall.dev/trade', 'contract.guildhall.dev/receivable');
    waitFor('condition=Ready', supplier, 'node.guildhall.dev/peer0', 'channelmembership.guildhall.dev/trade', 'contractinstallation.guildhall.dev/receivable');
  });

  test('the API shows it, and its transactions are committed', async () => {
    const { consortia } = await api.request<{ consortia: { edges: { node: { name: string; createdBy: string; ready: boolean } }[] } }>('{ consortia { edges { node { name createdBy ready } } } }', {});
    assert.deepEqual(consortia.edges.map((edge) => edge.node), [{ name: 'garden', createdBy: 'cluster', ready: true }]);
    await agreeOnTerms(api, 'garden');
    await issue(api, 'garden', 'first');
    assert.equal((await note(api, 'garden', 'first')).state, 'ISSUED');
    const { consortium } = await api.request<{ consortium: { contracts: { metadata: { operations?: unknown } | null; source: { entry: string } | null }[] } }>('{ consortium(name: "garden") { contracts { metadata source { entry } } } }', {});
    assert.ok(consortium.contracts[0]?.metadata && consortium.contracts[0].source, 'forms and source of the template are known');
  });

  test('applied once more it changes nothing', () => {
    const versions = (): string => node.kubectl('get', 'nodes.guildhall.dev,members.guildhall.dev,channelmemberships.guildhall.dev', '--all-namespaces', '--output', 'jsonpath={.items[*].metadata.generation}');
    const before = versions();
    node.kubectl('apply', '--server-side', '--field-manager=gitops', '--filename', example);
    assert.equal(versions(), before);
  });

  test('a change in it takes effect: a member’s second peer comes and joins', async () => {
    const consents = documents.filter((document) => /^kind: (ChannelMembership|ContractInstallation)$/m.test(document) && document.includes(`namespace: ${supplier},`)).map((document) => document.replace('peers: [peer0]', 'peers: [peer0, peer1]'));
    assert.equal(consents.length, 2);
    apply([`apiVersion: guildhall.dev/v1alpha1\nkind: Node\nmetadata: { namespace: ${supplier}, name: peer1 }\nspec: { member: supplier, role: peer, storage: { size: 1Gi } }`, ...consents].join('\n---\n'));
    waitFor('condition=Ready', supplier, 'node.guildhall.dev/peer1', 'channelmembership.guildhall.dev/trade', 'contractinstallation.guildhall.dev/receivable');
    assert.deepEqual((await running(api, 'garden')).nodes.map(({ member, name }) => `${member}/${name}`).toSorted(), ['core/orderer0', 'core/peer0', 'supplier/peer0', 'supplier/peer1']);
    await issue(api, 'garden', 'second');
  });

  test('a second Consortium, and a consent to something else, are stalled with the reason', async () => {
    apply(`apiVersion: guildhall.dev/v1alpha1\nkind: Consortium\nmetadata: { namespace: gh-garden, name: weeds }\nspec: { ledger: { engine: fabric, version: "3.1" }, members: [{ name: core, mspId: CoreMSP, namespace: ${core} }] }`);
    apply(`apiVersion: guildhall.dev/v1alpha1\nkind: Member\nmetadata: { namespace: ${core}, name: twin }\nspec: { consortium: { namespace: gh-garden, name: garden }, mspId: CoreMSP, roles: [endorsing] }`);
    const stalled = (of: string, object: string): string => node.kubectl('--namespace', of, 'get', object, '--output', `jsonpath={.status.conditions[?(@.type=="Stalled")]['reason','message']}`);
    await until('the second Consortium says why', () => stalled('gh-garden', 'consortium.guildhall.dev/weeds') !== '', 30_000);
    await until('the second Member says why', () => /^(Duplicate|ReferenceNotAllowed)/.test(stalled(core, 'member.guildhall.dev/twin')), 30_000);
    node.kubectl('--namespace', 'gh-garden', 'annotate', 'consortium.guildhall.dev', 'weeds', 'guildhall.dev/confirm-deletion=weeds');
    node.kubectl('delete', '--namespace', 'gh-garden', 'consortium.guildhall.dev', 'weeds', '--timeout=60s');
    node.kubectl('delete', '--namespace', core, 'member.guildhall.dev', 'twin', '--timeout=60s');
    await running(api, 'garden');
  });

  test('deleted as YAML it goes, once what holds a ledger is confirmed by name', () => {
    for (const kind of ['consortia', 'channels', 'contracts', 'nodes'])
      for (const line of node.kubectl('get', `${kind}.guildhall.dev`, '--all-namespaces', '--output', 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{"\\n"}{end}').trim().split('\n')) {
        const [of = '', name = ''] = line.split(' ');
        node.kubectl('--namespace', of, 'annotate', `${kind}.guildhall.dev`, name, `guildhall.dev/confirm-deletion=${name}`);
      }
    node.kubectl('delete', '--namespace', supplier, 'node.guildhall.dev', 'peer1', '--wait=false');
    node.kubectl('delete', '--filename', example, '--timeout=180s');
    assert.equal(node.kubectl('get', 'namespaces', '--output', 'name').includes('gh-garden'), false);
  });
});
