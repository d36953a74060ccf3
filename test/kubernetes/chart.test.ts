import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PodSpec } from '@guildhall/kubernetes';
import { createTerminal, runDemo } from '@guildhall/standalone';
import { parseAllDocuments } from 'yaml';
import type { Api } from '../e2e/support/api.ts';
import { begin, running, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import { demo, ledgerHoldsStory, wrongTransferIsRefused } from '../e2e/support/demo-story.ts';
import { issue, note } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import type { Cluster } from '../support/kubernetes/cluster.ts';
import { skip, useTestCluster } from './node-under-test.ts';
import { helm, install, loadImages, namespace, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const name = demo;
const members = ['core', 'supplier', 'bank'].map((member) => `gh-${name}--${member}`);
const components = ['control-plane', 'certificate-authority', 'ledger-gateway', 'operator', 'monitor'] as const;
type Component = (typeof components)[number];

describe('the chart on an empty cluster', { skip }, () => {
  let node: Cluster;
  let way: Reached | undefined;
  let api: Api;
  /** Connections end with the pod that they lead to. */
  const connect = async (): Promise<Reached> => {
    way?.stop();
    way = await reachApi(node);
    ({ api } = way);
    return way;
  };
  before(async () => {
    node = await useTestCluster();
    loadImages(node);
  });
  after(async () => {
    way?.stop();
    await node?.stop();
  });

  const refusedTo = (component: Component, ...command: string[]): string => {
    try {
      node.kubectl('--as', `system:serviceaccount:${namespace}:guildhall-${component}`, ...command);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return assert.fail(`${component} may: kubectl ${command.join(' ')}`);
  };
  const podsOf = (inNamespace: string): { name: string; uid: string; ready: boolean; restarts: number }[] =>
    JSON.parse(node.kubectl('--namespace', inNamespace, 'get', 'pods', '--output', 'json')).items.map(({ metadata, status }: { metadata: { name: string; uid: string }; status: { containerStatuses?: { ready: boolean; restartCount: number }[] } }) => ({
      name: metadata.name, uid: metadata.uid, ready: status.containerStatuses?.every(({ ready }) => ready) ?? false, restarts: status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0,
    }));

  test('values that do not fit are refused by name, before anything is made', () => {
    const refused = (...settings: string[]): string => {
      try {
        helm(node, 'template', 'guildhall', 'charts/guildhall', ...settings.flatMap((each) => ['--set', each]));
      } catch (error) {
        return String(error);
      }
      return assert.fail(`${settings.join()} is taken`);
    };
    assert.match(refused('replicas.operator=0'), /replicas.*operator/s);
    assert.match(refused('publicUrl=guildhall.example'), /publicUrl/);
    assert.match(refused('colour=red'), /colour/);
    assert.match(refused('images.operator.digest=latest'), /digest/);
    assert.match(refused('exposure.gateway.name=ledgers'), /exposure\/gateway\/namespace/);
    assert.match(refused('exposure.default=Gateway', 'exposure.domain=ledger.example'), /exposure\/gateway\/name/);
    assert.match(refused('exposure.default=NodePort'), /exposure\/domain/);
    assert.match(refused('operator.nodes.tolerations[0].value=ledgers'), /operator\/nodes\/tolerations\/0.*key/);
    assert.match(refused('operator.nodes.affinity=near'), /operator\/nodes.*affinity/);
    assert.match(refused('storage.defaultClass=Fast SSD'), /storage\/defaultClass/);
  });

  test('what is asked for beyond the usual is in what would be installed', () => {
    const asked = {
      database: { trial: { enabled: true } },
      images: { pullSecrets: ['registry'] },
      storage: { defaultClass: 'fast' },
      pods: { nodeSelector: { pool: 'guildhall' }, tolerations: [{ key: 'pool', operator: 'Exists' }], priorityClassName: 'high', labels: { team: 'ledgers' }, annotations: { note: 'ours' } },
      serviceMonitors: { enabled: true, labels: { release: 'prometheus' } },
    };
    interface Shown {
      kind: string;
      metadata: { name: string; labels?: Record<string, string> };
      spec: { strategy?: { type: string }; maxUnavailable?: number; minAvailable?: number; template?: { metadata: object; spec: { topologySpreadConstraints?: { topologyKey: string }[] } } };
    }
    const shown = parseAllDocuments(helm(node, 'template', 'guildhall', 'charts/guildhall', '--kube-version', '1.34.0', '--values', node.file(JSON.stringify(asked))))
      .map((document) => document.toJS() as Shown | null).filter((object) => object !== null);
    const of = (kind: string): Shown[] => shown.filter((object) => object.kind === kind);
    const named = (kind: string): string[] => of(kind).map(({ metadata }) => metadata.name).toSorted();
    const all = components.map((component) => `guildhall-${component}`).toSorted();
    assert.deepEqual(named('Deployment'), all);
    for (const { metadata, spec } of [...of('Deployment'), ...of('StatefulSet')]) {
      assert.partialDeepStrictEqual(spec.template, {
        metadata: { labels: { team: 'ledgers' }, annotations: { note: 'ours' } },
        spec: { imagePullSecrets: [{ name: 'registry' }], nodeSelector: { pool: 'guildhall' }, tolerations: [{ key: 'pool', operator: 'Exists' }], priorityClassName: 'high' },
      }, metadata.name);
    }
    for (const { metadata, spec } of of('Deployment')) assert.deepEqual(spec.template?.spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey), ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'], metadata.name);
    assert.deepEqual(of('Deployment').filter(({ spec }) => spec.strategy?.type === 'Recreate').map(({ metadata }) => metadata.name), ['guildhall-monitor'], 'two would count everything twice');
    assert.deepEqual(named('PodMonitor'), all);
    assert.ok(of('PodMonitor').every(({ metadata }) => metadata.labels?.['release'] === 'prometheus'));
    assert.deepEqual(named('PodDisruptionBudget'), all);
  });

  test('one command brings up everything, under the strictest standard for pods, and nothing is started twice', () => {
    install(node);
    const pods = podsOf(namespace);
    assert.equal(pods.length, components.length + 1);
    const restarted = pods.filter(({ restarts }) => restarts > 0).map((pod) => `${pod.name}:\n${node.kubectl('--namespace', namespace, 'logs', pod.name, '--previous', '--tail=20')}`);
    assert.deepEqual(restarted, []);
    assert.ok(pods.every(({ ready }) => ready));
    helm(node, 'test', 'guildhall', '--namespace', namespace);
  });

  test('the consortium of the demo is created through the API, and its story is committed by pods', async () => {
    const { url, token } = await connect();
    let told = '';
    await runDemo({ url, tokenFile: node.file(token), terminal: createTerminal((text) => void (told += text), () => performance.now()), prepared: Promise.resolve() });
    assert.match(told, /Harbour Bank accepts/);
    assert.match(told, /refused, as it must be: .*FORBIDDEN/);
    await ledgerHoldsStory(api);
    await wrongTransferIsRefused(api);
    await issue(api, name, 'first');
    for (const member of members) assert.deepEqual(podsOf(member).filter(({ ready, restarts }) => !ready || restarts > 0), []);
  });

  interface RunningPod {
    metadata: { name: string };
    spec: Pick<PodSpec, 'containers' | 'affinity'>;
    status: { qosClass: string };
  }
  const podsOfConsortium = (): RunningPod[] => {
    const { items } = JSON.parse(node.kubectl('get', 'pods', '--all-namespaces', '--selector', `guildhall.dev/consortium=${name}`, '--output', 'json')) as { items: RunningPod[] };
    assert.equal(items.length, 9, 'three peers, three orderers, three instances');
    return items;
  };

  test('the scheduler reckons with every pod of it, and the kubelet takes none of them first', () => {
    for (const { metadata, spec, status } of podsOfConsortium()) {
      assert.equal(status.qosClass, 'Burstable', metadata.name);
      for (const { resources } of spec.containers) assert.deepEqual(Object.keys(resources?.requests ?? {}).toSorted(), ['cpu', 'memory'], metadata.name);
    }
  });

  test('what runs in it writes to its volumes alone', () => {
    const pods = podsOfConsortium();
    for (const { metadata, spec } of pods) for (const { securityContext } of spec.containers) assert.equal(securityContext?.readOnlyRootFilesystem, true, metadata.name);
    const inCore = (pod: string, ...command: string[]): string => node.kubectl('--namespace', `gh-${name}--core`, 'exec', pod, '--', ...command);
    assert.throws(() => inCore('peer0-0', 'sh', '-c', ': > /written'), /Read-only file system/);
    inCore('peer0-0', 'sh', '-c', ': > "$TMPDIR/written"');
    const instance = pods.find(({ metadata }) => metadata.name.startsWith('receivable-'))?.metadata.name ?? assert.fail('there is no instance');
    assert.throws(() => inCore(instance, 'node', '--eval', 'require("node:fs").writeFileSync("/written", "")'), /EROFS/);
  });

  test('orderers and peers wish for machines apart from their like, in namespaces that are Guildhall’s', () => {
    const terms = podsOfConsortium().filter(({ spec: { affinity } }) => affinity !== undefined).flatMap(({ spec: { affinity } }) => affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []);
    assert.equal(terms.length, 12, 'two for each of the six nodes');
    const found = (selector: { matchLabels?: Record<string, string> } | undefined, kind: string): string[] =>
      node.kubectl('get', kind, ...(kind === 'pods' ? ['--all-namespaces'] : []), '--selector', Object.entries(selector?.matchLabels ?? {}).map((each) => each.join('=')).join(','), '--output', 'jsonpath={.items[*].metadata.name}').split(' ');
    for (const { podAffinityTerm: { labelSelector, namespaceSelector } } of terms) {
      assert.deepEqual(found(labelSelector, 'pods'), namespaceSelector === undefined ? ['peer0-0'] : ['orderer0-0', 'orderer0-0', 'orderer0-0']);
      if (namespaceSelector !== undefined) for (const member of members) assert.ok(found(namespaceSelector, 'namespaces').includes(member), member);
    }
  });

  test('kubectl shows it in words, and waits for it', () => {
    const line = (kind: string, of: string): string => node.kubectl('--namespace', of, 'get', kind, '--no-headers');
    assert.match(line('consortia.guildhall.dev', `gh-${name}`), /demo +sandbox +3 +6 +6 +True +Ready/);
    assert.match(line('channels.guildhall.dev', `gh-${name}`), /trade +\d+ +(core|supplier|bank)\/orderer0 +True +Ready/);
    assert.match(line('nodes.guildhall.dev', `gh-${name}--core`), /peer0 +peer +3\.1\.\d+ +peer0\.gh-demo--core\.svc:7051 +Healthy +0 +True +Ready/);
    node.kubectl('wait', '--for=condition=Ready', `consortium.guildhall.dev/${name}`, '--namespace', `gh-${name}`, '--timeout=30s');
  });

  test('namespaces of members take no pod that is more than restricted', () => {
    const privileged = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bad', namespace: `gh-${name}--core` }, spec: { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] } };
    assert.throws(() => node.apply([privileged]), /violates PodSecurity "restricted/);
  });

  describe('what components may not is refused', () => {
    const [inConsortium, inMember] = [['--namespace', `gh-${name}`], ['--namespace', `gh-${name}--core`]];
    const mark = ['--type', 'merge', '--patch', '{"metadata":{"annotations":{"a":"b"}}}'];
    test('to the operator: members’ intents, and Secrets elsewhere', () => {
      for (const intent of ['member.guildhall.dev/core', 'channelmembership.guildhall.dev/trade', 'contractinstallation.guildhall.dev/receivable'])
        assert.match(refusedTo('operator', ...inMember, 'patch', intent, ...mark), /forbidden/i, intent);
      assert.match(refusedTo('operator', '--namespace', namespace, 'get', 'secret', 'guildhall-key-encryption-key'), /forbidden/i);
      assert.match(refusedTo('operator', ...inMember, 'get', 'secrets'), /forbidden/i, 'not even a list where it may read each');
    });
    test('to the control plane: Secrets, pods, and namespaces that are no consortium’s', () => {
      assert.match(refusedTo('control-plane', ...inMember, 'get', 'secrets'), /forbidden/i);
      assert.match(refusedTo('control-plane', ...inMember, 'delete', 'pod', 'peer0-0'), /forbidden/i);
      node.kubectl('create', 'namespace', 'another');
      assert.match(refusedTo('control-plane', 'delete', 'namespace', 'another'), /namespaces of consortia and members only/);
      assert.match(refusedTo('control-plane', 'label', 'namespace', 'another', 'a=b'), /namespaces of consortia and members only/);
      assert.match(refusedTo('control-plane', 'create', 'namespace', 'elsewhere'), /namespaces of consortia and members only/);
      assert.match(refusedTo('control-plane', 'create', 'namespace', 'gh-unlabelled'), /labelled app\.kubernetes\.io\/managed-by: guildhall/);
      const policy = JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'open', namespace: 'another' }, spec: { podSelector: {}, ingress: [{}] } });
      assert.match(refusedTo('control-plane', 'create', '--raw', '/apis/networking.k8s.io/v1/namespaces/another/networkpolicies', '--filename', node.file(policy)), /network policies in the namespaces of consortia and members only/);
    });
    test('to the control plane: any role but the components’ own, to anybody but them, or anywhere else', () => {
      const bind = (role: string, account: string, binding: string, of: string): string =>
        refusedTo('control-plane', '--namespace', of, 'create', 'rolebinding', binding, `--clusterrole=${role}`, `--serviceaccount=${namespace}:${account}`);
      assert.match(bind('cluster-admin', 'guildhall-control-plane', 'guildhall-control-plane', `gh-${name}`), /forbidden|binds/i);
      assert.match(bind('guildhall-operator-in-consortia', 'guildhall-control-plane', 'guildhall-operator', `gh-${name}`), /binds a component's role to that component only/);
      assert.match(bind('guildhall-operator-in-consortia', 'guildhall-operator', 'guildhall-operator', 'default'), /in the namespaces of consortia and members only/);
    });
    test('to whoever may make Secrets: those that Kubernetes fills with another account’s token', () => {
      const token = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'guildhall-key-encryption-key', namespace, annotations: { 'kubernetes.io/service-account.name': 'guildhall-control-plane' } }, type: 'kubernetes.io/service-account-token' });
      assert.match(refusedTo('certificate-authority', 'create', '--raw', `/api/v1/namespaces/${namespace}/secrets`, '--filename', node.file(token)), /type Opaque only/);
      const key = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'guildhall-key-encryption-key', namespace } });
      assert.match(refusedTo('ledger-gateway', 'create', '--raw', `/api/v1/namespaces/${namespace}/secrets`, '--filename', node.file(key)), /the ledger gateway and the certificate authority make one each/);
    });
    test('to the gateway and the authority: to change what was agreed', () => {
      for (const component of ['ledger-gateway', 'certificate-authority'] as const)
        for (const [at, object] of [[inConsortium, 'channel.guildhall.dev/trade'], [inMember, 'node.guildhall.dev/peer0']] as const)
          assert.match(refusedTo(component, ...at, 'patch', object, ...mark), /forbidden/i, `${component} ${object}`);
    });
  });

  test('the operator is killed in the middle of a creation: it ends in the same consortium, with nothing twice', async () => {
    const id = await begin(api, 'createConsortium', smallConsortium('pier'));
    await until('pods are being made', () => podsOf('gh-pier--core').length > 0);
    node.kubectl('--namespace', namespace, 'delete', 'pod', '--selector', 'app.kubernetes.io/component=operator', '--grace-period=0', '--force');
    await succeeded(api, id);
    await running(api, 'pier');
    assert.deepEqual(podsOf('gh-pier--core').map((pod) => pod.name.replace(/-[0-9a-f]{10}-0$/, '')).toSorted(), ['orderer0-0', 'peer0-0', 'receivable']);
  });

  test('a pod that is deleted comes back with its ledger', async () => {
    const pods = ['peer0-0', 'orderer0-0'];
    const before = podsOf(`gh-${name}--core`).map(({ uid }) => uid);
    // Not waited for: kubectl waits for one after the other, and for ever for a second one that was followed by another in the moment in which it looks.
    node.kubectl('--namespace', `gh-${name}--core`, 'delete', 'pod', ...pods, '--wait=false');
    await until('others run in their place', () => pods.every((pod) => podsOf(`gh-${name}--core`).some((each) => each.name === pod && each.ready && !before.includes(each.uid))));
    await running(api, name);
    // A connection that failed is tried again in its own time, some seconds at most, and the gateway says so meanwhile.
    await until('a transaction is taken', () => issue(api, name, 'after-pods'), 30_000);
    assert.equal((await note(api, name, 'first')).state, 'ISSUED');
  });

  test('uninstalled and installed again, nothing is lost: ledgers run on meanwhile, and keys and data are there', async () => {
    const before = podsOf(`gh-${name}--core`);
    helm(node, 'uninstall', 'guildhall', '--namespace', namespace, '--wait');
    helm(node, 'uninstall', 'guildhall-crds', '--namespace', namespace);
    assert.deepEqual(podsOf(`gh-${name}--core`), before);
    assert.match(node.kubectl('get', 'consortia.guildhall.dev', '--all-namespaces', '--no-headers'), /demo/);
    install(node);
    await connect();
    await running(api, name);
    await issue(api, name, 'after-uninstall');
    assert.equal((await note(api, name, 'first')).state, 'ISSUED');
    assert.deepEqual(podsOf(`gh-${name}--core`), before);
  });

  test('two of each: one works, and another takes over when it goes', async () => {
    install(node, { ...values, replicas: { controlPlane: 2, ledgerGateway: 2, certificateAuthority: 2, operator: 2 } });
    await connect();
    const leader = (): string => node.kubectl('--namespace', namespace, 'get', 'lease', 'guildhall-operator', '--output', 'jsonpath={.spec.holderIdentity}');
    const former = leader();
    const pod = /^(guildhall-operator-[a-z0-9]+-[a-z0-9]{5})-/.exec(former)?.[1] ?? assert.fail(`${former} names no pod`);
    node.kubectl('--namespace', namespace, 'delete', 'pod', pod, '--grace-period=0', '--force');
    const began = performance.now();
    await until('another leads', () => leader() !== former && leader() !== '');
    process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s until another operator leads\n`);
    const id = await begin(api, 'createConsortium', smallConsortium('quay'));
    await succeeded(api, id);
  });

  test('a namespace that is there already and somebody else’s is not taken over', async () => {
    node.kubectl('create', 'namespace', 'gh-runners');
    const id = await begin(api, 'createConsortium', smallConsortium('runners'));
    const { operation } = await until('it fails', async () => {
      const answer = await api.request<{ operation: { state: string; problem: { message: string } | null } }>('query($id: ID!) { operation(id: $id) { state problem { message } } }', { id });
      return answer.operation.state === 'failed' && answer;
    });
    assert.match(operation.problem?.message ?? '', /gh-runners is there already and is not Guildhall's/);
    await api.request('mutation($id: ID!) { cancelOperation(id: $id) { id } }', { id });
    assert.equal(node.kubectl('get', 'namespace', 'gh-runners', '--output', 'jsonpath={.metadata.labels}').includes('guildhall'), false);
  });

  test('namespaces that are deleted by hand wait for a word, say so, and then go with all that is in them', async () => {
    const [own, core, supplier] = ['gh-pier', 'gh-pier--core', 'gh-pier--supplier'];
    node.kubectl('delete', 'namespace', own, core, supplier, '--wait=false');
    await until('a node says what it waits for', () => node.kubectl('--namespace', core, 'get', 'node.guildhall.dev', 'peer0', '--output', 'jsonpath={.status.conditions}').includes('DeletionNotConfirmed'));
    for (const [of, kind, name] of [[own, 'consortium', 'pier'], [own, 'channel', 'trade'], [own, 'contract', 'receivable'], [core, 'node', 'peer0'], [core, 'node', 'orderer0'], [supplier, 'node', 'peer0']] as const)
      node.kubectl('--namespace', of, 'annotate', `${kind}.guildhall.dev`, name, `guildhall.dev/confirm-deletion=${name}`);
    await until('they are gone', () => !node.kubectl('get', 'namespaces', '--output', 'name').includes(own));
  });

  test('a consortium is deleted with its data, and nothing of it is left', async () => {
    await succeeded(api, await begin(api, 'deleteConsortium', { name: 'quay', confirmName: 'quay', deleteData: true }));
    await until('its namespaces are gone', () => !node.kubectl('get', 'namespaces', '--output', 'name').includes('gh-quay'));
  });
});
