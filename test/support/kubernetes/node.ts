import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serviceAccountKey, serviceRange, startApiServer, type Account, type ApiServer } from './api-server.ts';
import { administer, type Cluster } from './cluster.ts';
import { clusterDns } from './cluster-dns.ts';
import { localImage, programImage, socketOf, startContainerd, type ImageStore } from './containerd.ts';
import { createCgroup, kubeletAccess, kubeletConfig, nodeName, podRange, removeCgroup } from './kubelet.ts';
import { takeImages } from './prepared-images.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { startProvisioner, storageClasses } from './volumes.ts';

export interface KubernetesNode extends Cluster {
  readonly api: ApiServer;
  readonly sandbox: Sandbox;
  readonly images: ImageStore;
  /** Ends the process of a pod's first container as `kill -9` does. */
  kill(namespace: string, pod: string): void;
  /** Ends one of its programs as a crash does, and starts it again. */
  restart(program: NodeProgram): Promise<void>;
}

export type NodeProgram = 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'kube-proxy' | 'kube-router';

export interface NodeOptions {
  /** The folder of the programs of Kubernetes. */
  bin: string;
  /** Besides the administrator. */
  accounts?: readonly Account[];
  /** Of the API server. */
  flags?: readonly string[];
  /** NetworkPolicies hold; otherwise they are kept and without effect. */
  enforcesNetworkPolicies?: boolean;
  /** What it begins with, from `prepareImages`. */
  preparedImages?: string | undefined;
  onProgress?: (line: string) => void;
}

const administrator = 'guildhall:administrator';
const token = (): string => randomBytes(32).toString('hex');
const ownAccounts = (): Account[] => [
  { name: administrator, token: token(), groups: ['system:masters'] },
  { name: 'system:kube-controller-manager', token: token() },
  { name: 'system:kube-scheduler', token: token() },
  { name: 'system:kube-proxy', token: token() },
  { name: 'kube-router', token: token(), groups: ['system:masters'] },
  { name: `system:node:${nodeName}`, token: token(), groups: ['system:nodes'] },
];

/** A whole Kubernetes of one node, in a sandbox of its own on this machine. It runs real pods. */
export async function startNode({ bin, accounts = [], flags = [], enforcesNetworkPolicies = false, preparedImages, onProgress = () => undefined }: NodeOptions): Promise<KubernetesNode> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-node-'));
  const cgroup = `guildhall-${randomBytes(4).toString('hex')}`;
  const began = Date.now();
  const progress = (what: string): void => onProgress(`${what} after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const sandbox = await startSandbox(folder);
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing) await close();
    await sandbox.stop();
    await removeCgroup(cgroup);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const own = ownAccounts();
    if (preparedImages !== undefined) takeImages(preparedImages, folder);
    const containerd = await startContainerd(sandbox);
    if (preparedImages === undefined) for (const name of ['pause', 'coredns']) await containerd.images.load(programImage(name, join(bin, name)));
    progress('containerd runs');
    const api = await startApiServer({
      processes: sandbox, bin, address: sandbox.address, ports: { api: 6443, etcd: 2379, etcdPeers: 2380 }, accounts: [...own, ...accounts],
      flags: ['--authorization-mode', 'Node,RBAC', '--allow-privileged', ...(await kubeletAccess(folder)), ...flags],
    });
    progress('the API server answers');
    createCgroup(cgroup);
    writeFileSync(join(folder, 'kubelet.json'), kubeletConfig({ folder, socket: socketOf(folder), cgroup }));
    const programs = programsOf(api, sandbox);
    const start = (program: NodeProgram): void => sandbox.start(program, join(bin, program), programs[program]);
    for (const program of Object.keys(programs) as NodeProgram[]) if (program !== 'kube-router') start(program);

    const cluster = administer(bin, api.kubeconfig(administrator), folder);
    const { kubectl, apply } = cluster;
    apply([...storageClasses, ...clusterDns(localImage('coredns'))]);
    const provisioner = startProvisioner({ server: api.server, token: own[0]?.token ?? '', certificateAuthority: api.certificateAuthority, folder });
    closing.push(provisioner.stop);
    await untilRegistered(kubectl, sandbox);
    // It ends when the node is not known yet.
    if (enforcesNetworkPolicies) start('kube-router');
    kubectl('wait', '--for=condition=Ready', `node/${nodeName}`, '--timeout=120s');
    progress('the node is ready');
    kubectl('--namespace', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=120s');
    progress('names of Services are answered');
    return {
      ...cluster, api, sandbox, stop,
      images: containerd.images,
      kill: (namespace, pod) => containerd.kill(kubectl('--namespace', namespace, 'get', 'pod', pod, '--output', 'jsonpath={.status.containerStatuses[0].containerID}')),
      restart: async (program) => {
        await sandbox.end(program);
        start(program);
      },
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const logs = ['kubelet', 'containerd'].map((name) => `-- ${name}\n${sandbox.logOf(name)}`).join('\n');
    await stop();
    throw new Error(`${said}\n${logs}`, { cause: error });
  }
}

function programsOf(api: ApiServer, { folder, address }: Sandbox): Record<NodeProgram, string[]> {
  return {
    'kube-controller-manager': [
      '--kubeconfig', api.kubeconfig('system:kube-controller-manager'), '--service-account-private-key-file', serviceAccountKey, '--root-ca-file', api.certificateFile,
      // Each controller asks for credentials of its own at its start: by the usual 20 calls a second that alone takes five seconds.
      '--use-service-account-credentials', '--kube-api-qps', '200', '--kube-api-burst', '400', '--leader-elect=false', '--cluster-cidr', podRange, '--allocate-node-cidrs=false',
    ],
    'kube-scheduler': ['--kubeconfig', api.kubeconfig('system:kube-scheduler'), '--leader-elect=false'],
    kubelet: [
      '--config', 'kubelet.json', '--kubeconfig', api.kubeconfig(`system:node:${nodeName}`), '--hostname-override', nodeName, '--node-ip', address, '--root-dir', join(folder, 'kubelet'),
    ],
    'kube-proxy': [
      '--kubeconfig', api.kubeconfig('system:kube-proxy'), '--proxy-mode', 'iptables', '--cluster-cidr', podRange, '--hostname-override', nodeName,
      // The kernel's table of connections is the machine's; a network of its own may not change it.
      '--conntrack-max-per-core', '0', '--conntrack-tcp-timeout-established', '0s', '--conntrack-tcp-timeout-close-wait', '0s',
    ],
    // Its firewall alone: the network is there, and Services are kube-proxy's.
    'kube-router': [
      '--kubeconfig', api.kubeconfig('kube-router'), '--hostname-override', nodeName, '--service-cluster-ip-range', serviceRange,
      '--run-firewall=true', '--run-router=false', '--run-service-proxy=false', '--run-loadbalancer=false', '--health-port', '0', '--metrics-port', '0',
    ],
  };
}

async function untilRegistered(kubectl: KubernetesNode['kubectl'], sandbox: Sandbox): Promise<void> {
  for (let patience = 600; patience > 0; patience -= 1) {
    const fault = sandbox.fault();
    if (fault !== undefined) throw new Error(fault);
    if (kubectl('get', 'nodes', '--output', 'name').includes(nodeName)) return;
    await delay(200);
  }
  throw new Error('the node did not come to the API server');
}
