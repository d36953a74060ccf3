import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubernetesNode } from '../../support/kubernetes/node.ts';
import { bin } from '../node-under-test.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const namespace = 'guildhall';

/** As a person's terminal would: what it said; throws when it fails. */
export function helm(node: KubernetesNode, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(join(bin, 'helm'), ['--kubeconfig', node.kubeconfig, ...args], {
    cwd: root, encoding: 'utf8', env: { ...process.env, HELM_CACHE_HOME: join(node.sandbox.folder, 'helm') },
  });
  if (status !== 0) throw new Error(`helm ${args.slice(0, 2).join(' ')} ended with ${status}: ${error?.message ?? ''}${stderr}${stdout}`);
  return stdout;
}

/** Images of this source, on the node. */
export function loadImages(node: KubernetesNode): void {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-images-'));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['images/src/main.ts', '--output', folder], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the images could not be made: ${stderr}${stdout}`);
    for (const file of readdirSync(folder)) if (file.endsWith('.tar')) node.images.importArchive(join(folder, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For a node on this machine: its own images, its own database, and little of everything. */
export const values = {
  replicas: { controlPlane: 1, ledgerGateway: 1, certificateAuthority: 1, operator: 1 },
  images: {
    pullPolicy: 'Never',
    peer: { name: 'guildhall/fabric-peer', tag: '3.1.0' },
    orderer: { name: 'guildhall/fabric-orderer', tag: '3.1.0' },
  },
  database: { trial: { enabled: true } },
};

/** Puts a chart's kinds there. */
export function installKinds(node: KubernetesNode, chart = 'charts/guildhall-crds'): void {
  helm(node, 'upgrade', '--install', 'guildhall-crds', chart, '--namespace', namespace, '--create-namespace', '--wait');
  node.kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted', '--overwrite');
}

/** Puts what works on the kinds there. */
export function installComponents(node: KubernetesNode, settings: object = values, chart = 'charts/guildhall'): void {
  const file = node.file(JSON.stringify(settings));
  helm(node, 'upgrade', '--install', 'guildhall', chart, '--namespace', namespace, '--values', file, '--wait', '--timeout', '5m');
}

/** What NOTES.txt tells a person to do, up to waiting until it is there. */
export function install(node: KubernetesNode, settings: object = values): void {
  installKinds(node);
  installComponents(node, settings);
}

/** Makes a new administrator's token, as NOTES.txt says of links to sign in. */
export function adminToken(node: KubernetesNode): string {
  const said = node.kubectl('--namespace', namespace, 'exec', 'deployment/guildhall-control-plane', '--', 'node', '/app/admin-token.mjs');
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
