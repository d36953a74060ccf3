import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../support/kubernetes/cluster.ts';
import type { KubernetesNode } from '../../support/kubernetes/node.ts';
import { bin } from '../node-under-test.ts';
import { archivesIn, madeImages } from './made-images.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const namespace = 'guildhall';

/** As a person's terminal would: what it said; throws when it fails. */
export function helm(cluster: Cluster, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(join(bin, 'helm'), ['--kubeconfig', cluster.kubeconfig, ...args], {
    cwd: root, encoding: 'utf8', env: { ...process.env, HELM_CACHE_HOME: join(cluster.folder, 'helm') },
  });
  if (status !== 0) throw new Error(`helm ${args.slice(0, 2).join(' ')} ended with ${status}: ${error?.message ?? ''}${stderr}${stdout}`);
  return stdout;
}

/** Images of this source, which a node has already when they were made for all files of a suite; an existing cluster has them, or its registry (`GUILDHALL_TEST_REGISTRY`). */
export function loadImages({ images }: Cluster): void {
  if (images === undefined || madeImages !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-images-'));
  try {
    makeImages(folder);
    for (const archive of archivesIn(folder)) images.importArchive(archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeImages(folder: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['images/src/main.ts', '--output', folder], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the images could not be made: ${stderr}${stdout}`);
}

const registry = process.env['GUILDHALL_TEST_REGISTRY'] ?? '';

/** Images of this source, a database for trials, and little of everything. */
export const values = {
  replicas: { controlPlane: 1, ledgerGateway: 1, certificateAuthority: 1, operator: 1 },
  images: {
    registry,
    pullPolicy: registry === '' ? 'Never' : 'IfNotPresent',
    peer: { name: `${registry}guildhall/fabric-peer`, tag: '3.1.0' },
    orderer: { name: `${registry}guildhall/fabric-orderer`, tag: '3.1.0' },
  },
  database: { trial: { enabled: true } },
};

/** Puts a chart's kinds there. */
export function installKinds(cluster: Cluster, chart = 'charts/guildhall-crds'): void {
  helm(cluster, 'upgrade', '--install', 'guildhall-crds', chart, '--namespace', namespace, '--create-namespace', '--wait');
  cluster.kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted', '--overwrite');
}

/** Puts what works on the kinds there. */
export function installComponents(cluster: Cluster, settings: object = values, chart = 'charts/guildhall'): void {
  const file = cluster.file(JSON.stringify(settings));
  helm(cluster, 'upgrade', '--install', 'guildhall', chart, '--namespace', namespace, '--values', file, '--wait', '--timeout', '5m');
}

/** What NOTES.txt tells a person to do, up to waiting until it is there. */
export function install(cluster: Cluster, settings: object = values): void {
  installKinds(cluster);
  installComponents(cluster, settings);
}

/** Makes a new administrator's token, as NOTES.txt says of links to sign in. */
export function adminToken(cluster: Cluster): string {
  const said = cluster.kubectl('--namespace', namespace, 'exec', 'deployment/guildhall-control-plane', '--', 'node', '/app/admin-token.mjs');
  const [token] = /[A-Za-z0-9_-]{40,}/.exec(said) ?? [];
  if (token === undefined) throw new Error('no token was told');
  return token;
}

/** A way to the control plane that lasts as long as the node, whatever becomes of the API server. @returns `http://…` */
export function openToOutside(node: KubernetesNode): string {
  node.kubectl('--namespace', namespace, 'patch', 'service', 'guildhall-control-plane', '--type=merge', '--patch', '{"spec":{"type":"NodePort"}}');
  const port = node.kubectl('--namespace', namespace, 'get', 'service', 'guildhall-control-plane', '--output', 'jsonpath={.spec.ports[0].nodePort}');
  return `http://${node.sandbox.address}:${port}`;
}
