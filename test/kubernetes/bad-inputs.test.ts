import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Api } from '../e2e/support/api.ts';
import { begin, create, operation, running, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import { until } from '../e2e/support/until.ts';
import { nodeName } from '../support/kubernetes/kubelet.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { skipWithoutNode, startTestNode } from './node-under-test.ts';
import { install, loadImages, namespace } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

/** A trouble has to be named so soon. */
const namedMs = 30_000;
const [core, supplier] = ['gh-harbour--core', 'gh-harbour--supplier'];
const operator = ['--namespace', namespace, 'deployment/guildhall-operator'] as const;

describe('every trouble names itself and what to do, and passes when its cause does', { skip: skipWithoutNode }, () => {
  let node: KubernetesNode;
  let way: Reached | undefined;
  let api: Api;
  before(async () => {
    node = await startTestNode();
    loadImages(node);
    install(node);
    way = await reachApi(node);
    api = way.api;
    await create(api, smallConsortium('harbour', { contract: false }));
  });
  after(async () => {
    way?.stop();
    await node?.stop();
  });

  const apply = (object: object): void => node.apply([object]);
  const addPeer = (name: string, more: object = {}): void =>
    apply({ apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { namespace: supplier, name }, spec: { member: 'supplier', role: 'peer', storage: { size: '1Gi' }, ...more } });
  const conditionsOf = (name: string, of = supplier): Condition[] => JSON.parse(node.kubectl('--namespace', of, 'get', 'node.guildhall.dev', name, '--output', 'jsonpath={.status.conditions}') || '[]') as Condition[];
  const says = (name: string, reason: string, words: RegExp, type = 'Ready'): Promise<unknown> =>
    until(`node ${name} says ${reason}`, () => {
      const found = conditionsOf(name).find((condition) => condition.type === type);
      if (found?.reason === reason && words.test(found.message)) return true;
      throw new Error(JSON.stringify(found));
    }, namedMs, 250);
  const isReady = (name: string): string => node.kubectl('wait', '--for=condition=Ready', '--namespace', supplier, `node.guildhall.dev/${name}`, '--timeout=90s');
  const remove = (name: string): void => {
    node.kubectl('--namespace', supplier, 'annotate', 'node.guildhall.dev', name, `guildhall.dev/confirm-deletion=${name}`, 'guildhall.dev/delete-data=true');
    node.kubectl('--namespace', supplier, 'delete', 'node.guildhall.dev', name, '--timeout=60s');
  };
  const tells = (name: string, ...lines: RegExp[]): Promise<unknown> =>
    until(`Events of ${name} tell it`, () => {
      const told = node.kubectl('--namespace', supplier, 'describe', 'ghnode', name).split('Events:')[1] ?? '';
      if (lines.every((line) => line.test(told))) return true;
      throw new Error(told);
    }, namedMs, 500);
  const podsThere = (): number => node.kubectl('--namespace', supplier, 'get', 'pods', '--output', 'name').trim().split('\n').length;

  test('a storage class that does not exist', async () => {
    const adding = await begin(api, 'addNode', { consortium: 'harbour', member: 'supplier', name: 'classless', role: 'peer', storage: '1Gi', storageClass: 'fast', channels: [] });
    await says('classless', 'VolumeUnavailable', /data-classless-0 \(storage class fast\).*"fast\\" not found.*Mend the storage class/);
    await until('its operation says so too', async () => (await operation(api, adding)).steps.some(({ state, reason }) => state === 'waiting' && reason === 'VolumeUnavailable'), namedMs, 250);
    const path = join(node.sandbox.folder, 'volumes', 'fast');
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o770);
    node.apply([
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'kubernetes.io/no-provisioner' },
      {
        apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'fast' },
        spec: {
          capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'fast', local: { path },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] }] } },
        },
      },
    ]);
    isReady('classless');
    await succeeded(api, adding);
    await tells('classless', /Warning +VolumeUnavailable +.*guildhall-operator +The claim data-classless-0/, /Normal +Ready +.*guildhall-operator/);
    remove('classless');
  });

  test('a pod that goes: kubectl waits for both ways, and an Event tells each', async () => {
    const notReady = node.kubectl('--namespace', supplier, 'delete', 'pod', 'peer0-0', '--wait=false') && node.kubectl('wait', '--for=condition=Ready=false', '--namespace', supplier, 'ghnode/peer0', '--timeout=30s');
    assert.match(notReady, /condition met/);
    isReady('peer0');
    await tells('peer0', /Warning +WaitingForPod +.*deleted; a new one follows/, /Normal +Ready +.*\(x2 over/);
  });

  test('more processor time than any machine has', async () => {
    addPeer('greedy', { resources: { cpu: '900' } });
    await says('greedy', 'InsufficientResources', /ask for less in spec\.resources, or .*operator\.nodes.*Unschedulable: .*Insufficient cpu/);
    node.kubectl('--namespace', supplier, 'patch', 'node.guildhall.dev', 'greedy', '--type=merge', '--patch', JSON.stringify({ spec: { resources: { cpu: '10m' } } }));
    isReady('greedy');
    remove('greedy');
  });

  test('a quota that lets no pod be made, one that counts what pods ask for, and one that refuses what the operator makes itself', async () => {
    const quota = (hard: object): void => apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: supplier, name: 'small' }, spec: { hard } });
    quota({ pods: String(podsThere()) });
    addPeer('crowded');
    await says('crowded', 'QuotaExceeded', /Quota small of the namespace is used up: "requested: pods=1/);
    quota({ pods: '20' });
    isReady('crowded');
    quota({ 'requests.cpu': '2', 'requests.memory': '4Gi' });
    addPeer('counted');
    isReady('counted');
    remove('counted');
    quota({ services: '0' });
    addPeer('unreached');
    await says('unreached', 'QuotaExceeded', /"requested: services=1.*Raise it/);
    node.kubectl('--namespace', supplier, 'delete', 'resourcequota', 'small');
    isReady('unreached');
    remove('crowded');
    remove('unreached');
  });

  test('a LimitRange, and an admission policy', async () => {
    apply({ apiVersion: 'v1', kind: 'LimitRange', metadata: { namespace: supplier, name: 'tight' }, spec: { limits: [{ type: 'Container', max: { memory: '16Mi' } }] } });
    addPeer('large', { resources: { memory: '256Mi' } });
    await says('large', 'NotAllowed', /maximum memory usage per Container is 16Mi/);
    node.kubectl('--namespace', supplier, 'delete', 'limitrange', 'tight');
    isReady('large');
    remove('large');
    const policy = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: 'no-services' } };
    node.apply([
      { ...policy, kind: 'ValidatingAdmissionPolicy', spec: { matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }] }, validations: [{ expression: 'object.metadata.name != "barred"', message: 'no service of that name' }] } },
      { ...policy, kind: 'ValidatingAdmissionPolicyBinding', spec: { policyName: 'no-services', validationActions: ['Deny'] } },
    ]);
    await until('the policy holds', () => refused(() => node.kubectl('--namespace', 'default', 'create', 'service', 'clusterip', 'barred', '--tcp=80', '--dry-run=server')).includes('no service of that name'), 30_000, 500);
    addPeer('barred');
    await says('barred', 'NotAllowed', /no service of that name.*Change the rule/);
    node.kubectl('delete', 'validatingadmissionpolicybinding', 'no-services');
    isReady('barred');
    remove('barred');
  });

  test('a right that the operator lacks, and a role that somebody takes from it', async () => {
    const role = JSON.parse(node.kubectl('get', 'clusterrole', 'guildhall-operator-in-consortia', '--output', 'json')) as { rules: { resources: string[] }[] };
    const rules = (change: (rule: { resources: string[] }) => boolean): void =>
      void node.kubectl('patch', 'clusterrole', 'guildhall-operator-in-consortia', '--type=merge', '--patch', JSON.stringify({ rules: role.rules.filter(change) }));
    rules(({ resources }) => !resources.includes('statefulsets'));
    addPeer('powerless');
    await says('powerless', 'AccessMissing', /The operator may not patch statefulsets\.apps in namespace gh-harbour--supplier\. Restore its roles: helm upgrade/);
    rules(() => true);
    isReady('powerless');
    const binding = (): string => node.kubectl('--namespace', supplier, 'get', 'rolebinding', 'guildhall-operator', '--ignore-not-found', '--output', 'jsonpath={.metadata.uid}');
    const before = binding();
    node.kubectl('--namespace', supplier, 'delete', 'rolebinding', 'guildhall-operator', '--wait=false');
    await until('the control plane gives the role again', () => binding() !== before && binding() !== '', namedMs);
    remove('powerless');
  });

  test('an image from a registry that cannot be reached, and one that a registry does not have: one peer names it, and the other runs on until it is mended', async () => {
    const image = (JSON.parse(node.kubectl('get', ...operator, '--output', 'json')) as { spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } } }).spec.template.spec.containers[0]?.env.find(({ name }) => name === 'GUILDHALL_PEER_IMAGE')?.value ?? '';
    const use = (value: string): void => {
      node.kubectl('set', 'env', ...operator, `GUILDHALL_PEER_IMAGE=${value}`);
      node.kubectl('rollout', 'status', ...operator, '--timeout=60s');
    };
    // Whichever has the turn first.
    const peersSay = (what: RegExp): Promise<unknown> =>
      until(`a peer says ${what}`, () => {
        const said = [core, supplier].map((of) => conditionsOf('peer0', of).find(({ type }) => type === 'Ready')).map((found) => `${found?.reason}: ${found?.message}`);
        if (said.some((each) => what.test(each)) && said.some((each) => each.startsWith('WaitingForTurn: '))) return true;
        throw new Error(said.join('\n'));
      }, namedMs, 250);
    const podsOfPeers = (): string[] => [core, supplier].map((of) => node.kubectl('--namespace', of, 'get', 'pod', 'peer0-0', '--ignore-not-found', '--output', 'jsonpath={.metadata.uid} {.status.containerStatuses[0].ready}'));
    const before = podsOfPeers();
    node.sandbox.start('registry', process.execPath, [fileURLToPath(new URL('support/empty-registry.ts', import.meta.url)), '5000']);
    for (const [registry, why] of [['127.0.0.1:1', 'connection refused'], ['127.0.0.1:5000', 'not found']] as const) {
      use(`${registry}/nobody/peer:1`);
      await peersSay(new RegExp(`^ProgramMissing: The image ${registry}/nobody/peer:1 cannot be had: put it where .* get it from, or correct the operator's setting of it; .*${why}`));
      assert.equal(podsOfPeers().filter((pod) => before.includes(pod)).length, 1, 'the pod of one of them is as it was');
    }
    use(image);
    await running(api, 'harbour');
  });

  test('a namespace that is still being deleted when a consortium is to be made in it: the operation names it and what holds it, and goes on by itself when it has gone', async () => {
    const held = 'gh-pier--supplier';
    const hold = (finalizers: string[]): void => void node.kubectl('--namespace', held, 'patch', 'configmap', 'held', '--type=merge', '--patch', JSON.stringify({ metadata: { finalizers } }));
    apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: held, labels: { 'app.kubernetes.io/managed-by': 'guildhall' } } });
    node.kubectl('--namespace', held, 'create', 'configmap', 'held');
    hold(['guildhall.test/hold']);
    node.kubectl('delete', 'namespace', held, '--wait=false');
    const id = await begin(api, 'createConsortium', smallConsortium('pier', { contract: false }));
    const named = new RegExp(`^Namespace ${held} is being deleted, and is made anew when it has gone\\. See to what is left in it.*guildhall\\.test/hold in 1 resource instances`);
    await until('the operation says it', async () => {
      const { steps: [first] } = await operation(api, id);
      if (first?.reason === 'NamespaceTerminating' && named.test(first.message ?? '')) return true;
      throw new Error(JSON.stringify(first));
    }, namedMs, 250);
    hold([]);
    await succeeded(api, id);
    await running(api, 'pier');
  });

  test('an older definition of a kind, and one that is missing', async () => {
    const definition = (name: string): { metadata: object; spec: { versions: { schema: { openAPIV3Schema: { properties: { status: { properties: Record<string, unknown> } } } } }[] } } =>
      JSON.parse(node.kubectl('get', 'customresourcedefinition', name, '--output', 'json')) as ReturnType<typeof definition>;
    const restart = (): void => void node.kubectl('rollout', 'restart', ...operator);
    const nodes = definition('nodes.guildhall.dev');
    const older = structuredClone(nodes);
    delete older.spec.versions[0]?.schema.openAPIV3Schema.properties.status.properties['pod'];
    node.kubectl('replace', '--filename', node.file(JSON.stringify({ ...older, metadata: { name: 'nodes.guildhall.dev', annotations: {} } })));
    restart();
    node.kubectl('rollout', 'status', ...operator, '--timeout=90s');
    await says('peer0', 'Failed', /definition of Node is older than this operator: it does not know status\.pod.*guildhall-crds/, 'Degraded');
    node.kubectl('replace', '--filename', node.file(JSON.stringify({ ...nodes, metadata: { name: 'nodes.guildhall.dev', annotations: {} } })));
    isReady('peer0');
    await until('nothing is degraded', () => conditionsOf('peer0').every(({ type }) => type !== 'Degraded'), namedMs);

    const installations = definition('contractinstallations.guildhall.dev');
    node.kubectl('delete', 'customresourcedefinition', 'contractinstallations.guildhall.dev', '--timeout=60s');
    restart();
    const newest = (): string => node.kubectl('--namespace', namespace, 'get', 'pods', '--selector', 'app.kubernetes.io/component=operator', '--sort-by=.metadata.creationTimestamp', '--output', 'jsonpath={.items[-1:].metadata.name}');
    const readiness = (): string => node.kubectl('--namespace', namespace, 'exec', newest(), '--', 'node', '-e', 'fetch("http://127.0.0.1:8080/readyz").then((answer) => answer.text()).then(console.log)');
    await until('the operator says which is missing', () => /no definition of ContractInstallation \(contractinstallations\.guildhall\.dev\)\. Install it/.test(readiness()), namedMs, 500);
    assert.match(node.kubectl('--namespace', namespace, 'logs', newest()), /no definition of ContractInstallation/);
    apply({ ...installations, metadata: { name: 'contractinstallations.guildhall.dev' } });
    node.kubectl('rollout', 'status', ...operator, '--timeout=90s');
    await running(api, 'harbour');
  });

  test('a node whose consortium’s namespace is being deleted says so, and runs on', async () => {
    const pod = (): string => node.kubectl('--namespace', supplier, 'get', 'pod', 'peer0-0', '--output', 'jsonpath={.metadata.uid}');
    const before = pod();
    node.kubectl('delete', 'namespace', 'gh-harbour', '--wait=false');
    // Where turns are kept: another pod needs one.
    await until('the cluster has deleted what it may', () => node.kubectl('--namespace', 'gh-harbour', 'get', 'leases', '--output', 'name') === '', namedMs, 250);
    node.kubectl('--namespace', supplier, 'patch', 'node.guildhall.dev', 'peer0', '--type=merge', '--patch', JSON.stringify({ spec: { resources: { memory: '300Mi' } } }));
    await says('peer0', 'NamespaceTerminating', /Namespace gh-harbour is being deleted.*Confirm the deletion of what is in it, or make both again/);
    assert.equal(pod(), before);
  });
});

function refused(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return '';
}
