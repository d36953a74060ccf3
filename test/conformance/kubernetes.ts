import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyRule } from '@guildhall/local-cluster';
import { freePort } from '../support/free-port.ts';
import { serviceAccountKey, startApiServer, type Account, type ApiServer } from '../support/kubernetes/api-server.ts';
import { createProcesses } from '../support/kubernetes/processes.ts';
import { components, createTokens, limitedRules, overHttp, type ClusterUnderTest, type User } from './cluster-under-test.ts';
import { eventually } from './scenarios/scenario.ts';

/** Those whose work the local cluster does too, and what namespaces need; none that runs pods. */
const controllers = [
  'garbage-collector-controller', 'namespace-controller', 'serviceaccount-controller', 'root-ca-certificate-publisher-controller',
  'persistentvolumeclaim-protection-controller',
];

/** Kinds that the controllers of a whole cluster write to in their own time. */
export const atWorkInCluster: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'StatefulSet', 'Pod', 'PodDisruptionBudget']);

/** What the suite's tests of expired watches need. */
export const historyFlags = ['--watch-cache-sizes', 'secrets#0', '--etcd-compaction-interval', '0'];

export const accountsOf = (tokens: Record<User, string>): Account[] =>
  Object.entries(tokens).map(([name, token]) => ({ name, token, groups: name === 'admin' ? ['system:masters'] : [] }));

/** etcd, kube-apiserver and kube-controller-manager of their own, from the programs in `bin`. */
export async function startKubernetes(bin: string): Promise<ClusterUnderTest & { folder: string; kubeconfig: string; kubectl: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-kubernetes-'));
  const processes = createProcesses(folder);
  const stop = async (): Promise<void> => {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const tokens = createTokens();
    const ports = { etcd: await freePort(), etcdPeers: await freePort(), api: await freePort() };
    const api = await startApiServer({ processes, bin, address: '127.0.0.1', ports, accounts: accountsOf(tokens), flags: ['--authorization-mode', 'RBAC', ...historyFlags] });
    const kubeconfig = api.kubeconfig('admin');
    const { close, ...cluster } = onApiServer(api, tokens);
    return {
      name: 'Kubernetes',
      ...cluster,
      folder,
      kubeconfig,
      kubectl: join(bin, 'kubectl'),
      // The garbage collector looks for new kinds every 30 s only, and at its start.
      installed: () =>
        processes.start('kube-controller-manager', join(bin, 'kube-controller-manager'), [
          '--kubeconfig', kubeconfig, '--service-account-private-key-file', serviceAccountKey, '--root-ca-file', api.certificateFile, '--leader-elect=false',
          '--secure-port', '0', '--controllers', controllers.join(','),
        ]),
      async stop() {
        await close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The suite's view of a real API server. */
export function onApiServer(api: ApiServer, tokens: Record<User, string>): Omit<ClusterUnderTest, 'name' | 'installed' | 'stop'> & { close(): Promise<void> } {
  const http = withRoles(overHttp({ server: api.server, tokens, certificateAuthority: api.certificateAuthority }));
  return {
    ...http,
    async forgetHistory() {
      const { body } = await http.request('GET', '/api/v1/namespaces');
      await api.etcdCall('compaction', { revision: body.metadata.resourceVersion, physical: true });
    },
  };
}

/** Users get the roles that their namespaces' names promise. */
export function withRoles<T extends Pick<ClusterUnderTest, 'request' | 'namespace'>>(http: T): T {
  return {
    ...http,
    async namespace(prefix?: string) {
      const name = await http.namespace(prefix);
      // Without it no pod is taken, and a controller makes it in its own time.
      await eventually(`the service account of ${name} is there`, async () => (await http.request('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`)).status === 200);
      if (name.startsWith('gh-allowed')) await grant(http.request, 'limited', limitedRules, name);
      if (name.startsWith('gh-roles')) {
        for (const [component, { cluster, consortia }] of components) {
          await grant(http.request, component, cluster);
          await grant(http.request, component, consortia, name);
        }
      }
      if (name.startsWith('own-roles')) for (const [component, { own }] of components) await grant(http.request, component, own, name);
      return name;
    },
  };
}

/** Marks the roles that count everywhere, so that a cluster that lives on can be rid of them. */
export const grantedLabel = 'guildhall.dev/conformance';

/** Everywhere when no namespace is named. */
async function grant(request: ClusterUnderTest['request'], user: User, rules: readonly PolicyRule[], namespace?: string): Promise<void> {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const object = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: `guildhall-conformance-${user}`, labels: { [grantedLabel]: 'true' }, ...(namespace === undefined ? {} : { namespace }) } };
  const path = `/apis/rbac.authorization.k8s.io/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}`;
  await request('POST', `${path}s`, { body: { ...object, kind, rules } });
  await request('POST', `${path}bindings`, {
    body: {
      ...object, kind: `${kind}Binding`, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: object.metadata.name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    },
  });
}
