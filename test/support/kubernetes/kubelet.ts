import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { authorityExtensions, createSigner, generateKeyPair, issueCertificate, selfSignCertificate } from '@guildhall/pki';

export const nodeName = 'node1';
export const podRange = '10.244.0.0/24';
export const dnsAddress = '10.96.0.10';

const files = { authority: 'kubelet-clients.crt', certificate: 'kubelet-client.crt', key: 'kubelet-client.key' };

/** The API server asks kubelets for logs; a certificate says that it is it. @returns the API server's flags for it */
export async function kubeletAccess(folder: string): Promise<string[]> {
  const [root, client] = [await generateKeyPair(), await generateKeyPair()];
  const now = new Date();
  const notAfter = new Date(now.getTime() + 7 * 86_400_000);
  const signer = createSigner(root.privateKeyPem);
  const authority = await selfSignCertificate({ subject: [{ type: 'CN', value: 'kubelet clients' }], notAfter, ...authorityExtensions(0) }, signer, { now });
  const certificate = await issueCertificate(
    {
      subject: [{ type: 'O', value: 'system:masters' }, { type: 'CN', value: 'kube-apiserver' }], publicKey: client.publicKey, notAfter,
      keyUsage: ['digitalSignature'], extendedKeyUsage: ['clientAuth'], basicConstraints: { ca: false },
    },
    { certificate: authority, signer },
    { now },
  );
  const at = (name: string): string => join(folder, name);
  writeFileSync(at(files.authority), authority.pem);
  writeFileSync(at(files.certificate), certificate.pem);
  writeFileSync(at(files.key), client.privateKeyPem, { mode: 0o600 });
  return ['--kubelet-client-certificate', files.certificate, '--kubelet-client-key', files.key, '--kubelet-preferred-address-types', 'InternalIP'];
}

/** JSON is YAML too. */
export const kubeletConfig = ({ folder, socket, cgroup }: { folder: string; socket: string; cgroup: string }): string =>
  JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver: 'cgroupfs',
    // Two nodes on one machine would end each other's pods in a common one.
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: [],
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: join(folder, files.authority) } },
    authorization: { mode: 'AlwaysAllow' },
    failSwapOn: false,
    maxPods: 200,
    containerRuntimeEndpoint: `unix://${socket}`,
    // What the machine has is shared with all else that runs on it.
    evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%', 'memory.available': '100Mi' },
    clusterDNS: [dnsAddress],
    clusterDomain: 'cluster.local',
    resolvConf: '',
    shutdownGracePeriod: '0s',
  });

/** Control groups have a tree for each controller (version 1), or one (version 2). */
const cgroupTrees = (): string[] => {
  const root = '/sys/fs/cgroup';
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.some(({ name }) => name === 'cgroup.controllers') ? [root] : entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
};

export function createCgroup(name: string): void {
  for (const tree of cgroupTrees()) mkdirSync(join(tree, name), { recursive: true });
}

/** Its processes were told to end; the kernel takes leave of them in its own time. */
export async function removeCgroup(name: string): Promise<void> {
  for (const tree of cgroupTrees()) {
    for (let patience = 100; ; patience -= 1) {
      try {
        removeTree(join(tree, name));
        break;
      } catch (error) {
        if (patience === 0 || !(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
        await delay(100);
      }
    }
  }
}

function removeTree(folder: string): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return; // it was not made
  }
  for (const entry of entries) if (entry.isDirectory()) removeTree(join(folder, entry.name));
  rmdirSync(folder);
}
