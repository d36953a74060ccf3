import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFetch } from '@guildhall/kubernetes';
import type { PolicyRule } from '@guildhall/local-cluster';
import { components, createTokens, limitedRules, overHttp, type ClusterUnderTest, type User } from './cluster-under-test.ts';
import { eventually } from './scenarios/scenario.ts';

/** Those whose work the local cluster does too, and what namespaces need; none that runs pods. */
const controllers = [
  'garbage-collector-controller', 'namespace-controller', 'serviceaccount-controller', 'root-ca-certificate-publisher-controller',
  'persistentvolumeclaim-protection-controller',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** etcd, kube-apiserver and kube-controller-manager of their own, from the programs in `bin`. */
export async function startKubernetes(bin: string): Promise<ClusterUnderTest & { folder: string; kubeconfig: string; kubectl: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-kubernetes-'));
  const running: ChildProcess[] = [];
  const start = (program: string, args: string[]): ChildProcess => {
    const log = openSync(join(folder, `${program}.log`), 'w');
    const child = spawn(join(bin, program), args, { cwd: folder, stdio: ['ignore', log, log] });
    child.on('error', () => undefined); // told by untilReady: it has no process id
    closeSync(log);
    running.push(child);
    return child;
  };
  const stop = async (): Promise<void> => {
    for (const child of running.toReversed()) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL'); // nothing here outlives the run
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const killWithParent = (): void => running.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', killWithParent);

  try {
    const tokens = createTokens();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const others = ['limited' as const, ...components.map(([component]) => component)].map((user) => `${tokens[user]},${user},${user}\n`);
    writeFileSync(join(folder, 'tokens.csv'), `${tokens.admin},admin,admin,"system:masters"\n${others.join('')}`);
    const [client, peer, secure] = [await freePort(), await freePort(), await freePort()];
    const etcd = `http://127.0.0.1:${client}`;
    const database = start('etcd', ['--data-dir', 'etcd', '--listen-client-urls', etcd, '--advertise-client-urls', etcd, '--listen-peer-urls', `http://127.0.0.1:${peer}`, '--unsafe-no-fsync']);
    const apiserver = start('kube-apiserver', [
      '--etcd-servers', etcd, '--cert-dir', 'certs', '--secure-port', String(secure), '--bind-address', '127.0.0.1',
      '--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', 'sa.key', '--service-account-signing-key-file', 'sa.key',
      '--service-cluster-ip-range', '10.96.0.0/16', '--token-auth-file', 'tokens.csv', '--authorization-mode', 'RBAC', '--anonymous-auth=false', '--watch-cache-sizes', 'secrets#0', '--etcd-compaction-interval', '0',
    ]);
    const server = `https://127.0.0.1:${secure}`;
    const certificate = join(folder, 'certs', 'apiserver.crt');
    await untilReady({ server, certificate, token: tokens.admin }, [
      { name: 'etcd', process: database, log: join(folder, 'etcd.log') },
      { name: 'kube-apiserver', process: apiserver, log: join(folder, 'kube-apiserver.log') },
    ]);
    const certificateAuthority = readFileSync(certificate, 'utf8');
    const kubeconfig = join(folder, 'kubeconfig.json');
    writeFileSync(kubeconfig, JSON.stringify({
      apiVersion: 'v1', kind: 'Config', 'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server, 'certificate-authority': certificate } }],
      users: [{ name: 'a', user: { token: tokens.admin } }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'a' } }],
    }));
    const { close, ...http } = overHttp({ server, tokens, certificateAuthority });
    return {
      name: 'Kubernetes',
      ...http,
      folder,
      kubeconfig,
      kubectl: join(bin, 'kubectl'),
      async namespace(prefix) {
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
        return name;
      },
      // The garbage collector looks for new kinds every 30 s only, and at its start.
      installed: () => void start('kube-controller-manager', [
        '--kubeconfig', kubeconfig, '--service-account-private-key-file', 'sa.key', '--root-ca-file', certificate, '--leader-elect=false', '--secure-port', '0',
        '--controllers', controllers.join(','),
      ]),
      async forgetHistory() {
        const { body } = await http.request('GET', '/api/v1/namespaces');
        await etcdCall(etcd, 'compaction', { revision: body.metadata.resourceVersion, physical: true });
      },
      async stop() {
        process.removeListener('exit', killWithParent);
        await close();
        await stop();
      },
    };
  } catch (error) {
    process.removeListener('exit', killWithParent);
    await stop();
    throw error;
  }
}

async function etcdCall(etcd: string, call: string, body: object): Promise<void> {
  const response = await fetch(`${etcd}/v3/kv/${call}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd ${call}: ${response.status} ${await response.text()}`);
}

/** Everywhere when no namespace is named. */
async function grant(request: ClusterUnderTest['request'], user: User, rules: readonly PolicyRule[], namespace?: string): Promise<void> {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const object = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: user, ...(namespace === undefined ? {} : { namespace }) } };
  const path = `/apis/rbac.authorization.k8s.io/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}`;
  await request('POST', `${path}s`, { body: { ...object, kind, rules } });
  await request('POST', `${path}bindings`, {
    body: {
      ...object, kind: `${kind}Binding`, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: user },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    },
  });
}

interface Door {
  server: string;
  certificate: string;
  token: string;
}

interface Running {
  name: string;
  process: ChildProcess;
  log: string;
}

async function untilReady(door: Door, programs: Running[]): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await isReady(door))) {
    const ended = programs.find(({ process: { exitCode, pid } }) => exitCode !== null || pid === undefined);
    if (ended) throw new Error(`${ended.name} ended with ${ended.process.exitCode}:\n${readFileSync(ended.log, 'utf8').slice(-4000)}`);
    if (Date.now() > deadline) throw new Error(`Kubernetes is not ready after 120 s:\n${programs.map(({ log }) => readFileSync(log, 'utf8').slice(-2000)).join('\n')}`);
    await delay(100);
  }
}

async function isReady({ server, certificate, token }: Door): Promise<boolean> {
  let fetcher: ReturnType<typeof createFetch> | undefined;
  try {
    fetcher = createFetch({ certificateAuthority: readFileSync(certificate, 'utf8') });
    const response = await fetcher(`${server}/readyz`, { method: 'GET', headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(2000) });
    await response.text();
    return response.status === 200;
  } catch {
    return false; // not listening yet
  } finally {
    await fetcher?.close();
  }
}
