import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTokens, overHttp, type ClusterUnderTest } from '../conformance/cluster-under-test.ts';
import { atWorkInCluster, grantedLabel, withRoles } from '../conformance/kubernetes.ts';
import { administer, type Cluster } from '../support/kubernetes/cluster.ts';

const managed = 'app.kubernetes.io/managed-by=guildhall';
/** The namespace that the tests install into. */
const installation = 'guildhall';

/**
 * The cluster that a kubeconfig names. It takes an installation of Guildhall for the tests and gives everything of it back, so one that has a Guildhall already is refused.
 */
export function useCluster(bin: string, kubeconfig: string): Cluster {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-cluster-'));
  const cluster = administer(bin, kubeconfig, folder);
  const names = (...what: string[]): string[] => cluster.kubectl('get', ...what, '--output', 'name').split('\n').filter(Boolean);
  const definitions = (): string[] => names('customresourcedefinitions').filter((name) => name.endsWith('.guildhall.dev'));
  const there = [...definitions(), ...names('namespaces').filter((name) => name === `namespace/${installation}`)];
  if (there.length > 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`The cluster of ${kubeconfig} has a Guildhall already (${there[0]}); the tests install their own, and delete it with all data: name another cluster in KUBECONFIG.`);
  }

  /** Nobody is there any more who would do what the finalizers wait for, and with the namespaces it is done. */
  function release(definition: string): void {
    const kind = definition.split('/')[1] ?? '';
    for (const { metadata } of JSON.parse(cluster.kubectl('get', kind, '--all-namespaces', '--output', 'json')).items as { metadata: { name: string; namespace: string } }[])
      cluster.kubectl('--namespace', metadata.namespace, 'patch', kind, metadata.name, '--type', 'merge', '--patch', '{"metadata":{"finalizers":null}}');
  }

  return {
    ...cluster,
    async stop() {
      try {
        cluster.kubectl('delete', 'namespace', installation, '--ignore-not-found');
        for (const definition of definitions()) release(definition);
        cluster.kubectl('delete', 'namespaces', '--selector', managed);
        for (const definition of definitions()) cluster.kubectl('delete', definition);
        cluster.kubectl('delete', 'clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings', '--selector', 'app.kubernetes.io/instance=guildhall');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The same as the conformance suite sees it: the suite's users are impersonated by whoever the kubeconfig lets in. */
export async function useClusterUnderTest(bin: string, kubeconfig: string): Promise<ClusterUnderTest> {
  const cluster = useCluster(bin, kubeconfig);
  const proxy = spawn(join(bin, 'kubectl'), ['--kubeconfig', kubeconfig, 'proxy', '--port', '0', '--reject-paths', '^$'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => void proxy.kill());
  const server = await addressOf(createInterface(proxy.stdout));
  const tokens = createTokens();
  const users = new Map(Object.entries(tokens).map(([user, token]) => [`Bearer ${token}`, user]));
  const made: string[] = [];
  const { close, ...http } = overHttp({
    server,
    tokens,
    headersOf({ headers: { authorization = '', ...headers } }) {
      const user = users.get(authorization) ?? 'nobody';
      return user === 'admin' ? headers : { ...headers, 'impersonate-user': user };
    },
  });
  return {
    name: 'the cluster of KUBECONFIG',
    ...withRoles({
      ...http,
      async namespace(prefix?: string) {
        const name = await http.namespace(prefix);
        made.push(name);
        return name;
      },
    }),
    atWork: atWorkInCluster,
    installed: () => undefined,
    async stop() {
      try {
        cluster.kubectl('delete', 'clusterroles,clusterrolebindings', '--selector', grantedLabel);
        if (made.length > 0) cluster.kubectl('delete', 'namespaces', ...made, '--ignore-not-found', '--wait=false');
        // Kinds of one test are of a group that is named by its namespace.
        const kinds = cluster.kubectl('get', 'customresourcedefinitions', '--output', 'name').split('\n').filter((name) => made.some((namespace) => name.includes(`.${namespace}.`)));
        if (kinds.length > 0) cluster.kubectl('delete', ...kinds, '--wait=false');
      } finally {
        await close();
        proxy.kill();
        await cluster.stop();
      }
    },
  };
}

async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, address] = /^Starting to serve on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
    if (address !== undefined) return `http://${address}`;
  }
  throw new Error('kubectl proxy ended before it served');
}
