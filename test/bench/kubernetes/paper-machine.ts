import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, createInformer, leases, microTime, pods, timestamp, type KubernetesClient, type Pod } from '@guildhall/kubernetes';
import { localImage, programImage } from '../../support/kubernetes/containerd.ts';
import { nodeName } from '../../support/kubernetes/kubelet.ts';
import type { KubernetesNode } from '../../support/kubernetes/node.ts';

const machine = 'paper';
const standIn = { namespace: 'default', name: 'stand-in' };
const heartbeatMs = 10_000;

/**
 * A second machine of the cluster that is on paper only: each pod that is placed on it counts as running and ready, and all of them have the address of
 * one stand-in, which answers as a peer. From now on it gets all pods: the real machine takes no more, and those that run there go on.
 */
export async function addPaperMachine(node: KubernetesNode): Promise<AsyncDisposable & { name: string }> {
  const address = await startStandIn(node);
  node.apply([{ apiVersion: 'v1', kind: 'Node', metadata: { name: machine, labels: { 'kubernetes.io/hostname': nodeName } } }]);
  const capacity = { cpu: '100', memory: '1Ti', pods: '1000', 'ephemeral-storage': '1Ti' };
  const conditions = [{ type: 'Ready', status: 'True', reason: 'Paper', message: '', lastHeartbeatTime: timestamp(Date.now()), lastTransitionTime: timestamp(Date.now()) }];
  node.kubectl('patch', 'node', machine, '--subresource=status', '--type=merge', '--patch', JSON.stringify({ status: { capacity, allocatable: capacity, conditions } }));
  // Not cordoned: the operator would take that for a machine that is being emptied, and let its nodes leave one after the other.
  node.kubectl('taint', 'node', nodeName, 'bench.guildhall.dev/full=:NoSchedule');

  const { users } = JSON.parse(readFileSync(node.kubeconfig, 'utf8')) as { users: { user: { token: string } }[] };
  const client = createClient({ server: node.api.server, token: users[0]?.user.token ?? '', certificateAuthority: node.api.certificateAuthority, fieldManager: 'guildhall-bench' });
  const stopping = new AbortController();
  const fault = (error: unknown): void => {
    if (!stopping.signal.aborted) process.emitWarning(error instanceof Error ? error : String(error));
  };
  const informer = createInformer(client, pods);
  informer.onChange(({ type, object }) => {
    if (type !== 'deleted' && object.spec.nodeName === machine) void tend(client, object, address).catch(fault);
  });
  informer.start(stopping.signal);
  const beat = async (): Promise<void> => void (await client.apply(leases, { metadata: { namespace: 'kube-node-lease', name: machine }, spec: { holderIdentity: machine, leaseDurationSeconds: 40, renewTime: microTime(Date.now()) } }, { force: true }));
  await beat();
  const heart = setInterval(() => void beat().catch(fault), heartbeatMs);
  return {
    name: machine,
    [Symbol.asyncDispose]: async () => {
      clearInterval(heart);
      stopping.abort();
      await client.close();
    },
  };
}

/** What a kubelet would say. */
async function tend(client: KubernetesClient, { metadata, spec, status }: Pod, podIP: string): Promise<void> {
  const { name, namespace = '', uid = '' } = metadata;
  if (status?.phase === 'Running') return;
  const now = timestamp(Date.now());
  await client.applyStatus(pods, {
    metadata: { namespace, name, uid },
    status: {
      phase: 'Running', podIP, startTime: now,
      conditions: ['Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True', lastTransitionTime: now })),
      containerStatuses: spec.containers.map((container) => ({ name: container.name, ready: true, started: true, restartCount: 0, image: container.image ?? '', imageID: '', containerID: `paper://${uid}`, state: { running: { startedAt: now } } })),
    },
  }, { force: true });
}

/** @returns its address */
async function startStandIn(node: KubernetesNode): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-stand-in-'));
  try {
    const program = join(folder, standIn.name);
    const source = fileURLToPath(new URL('stand-in/main.go', import.meta.url));
    const { status, stderr, error } = spawnSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', program, source], { encoding: 'utf8', env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' } });
    if (status !== 0) throw new Error(`the stand-in cannot be built: ${error?.message ?? stderr}`);
    await node.images.load(programImage(standIn.name, program));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  node.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: standIn, spec: { nodeName, containers: [{ name: 'peer', image: localImage(standIn.name) }] } }]);
  const inNamespace = ['--namespace', standIn.namespace];
  node.kubectl(...inNamespace, 'wait', '--for=condition=Ready', `pod/${standIn.name}`, '--timeout=120s');
  return node.kubectl(...inNamespace, 'get', 'pod', standIn.name, '--output', 'jsonpath={.status.podIP}');
}
