import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFetch } from '@guildhall/kubernetes';
import type { Processes } from './processes.ts';

/** Who may come in with a token of its own. */
export interface Account {
  name: string;
  token: string;
  groups?: readonly string[];
}

export interface ApiServerOptions {
  processes: Processes;
  /** The folder of the programs. */
  bin: string;
  /** Where it listens, and where it is asked. */
  address: string;
  ports: { api: number; etcd: number; etcdPeers: number };
  accounts: readonly Account[];
  /** Beyond what every one needs. */
  flags?: readonly string[];
}

export interface ApiServer {
  /** `https://…` */
  server: string;
  etcd: string;
  /** PEM; the server's own, which signs itself. */
  certificateAuthority: string;
  certificateFile: string;
  /** The file by which this account comes in. */
  kubeconfig(account: string): string;
  /** Until it answers and is ready; throws what a program of it said when it ended. */
  untilReady(): Promise<void>;
  /** Ends one of its programs as a crash does, and starts it again. */
  restart(program: 'etcd' | 'kube-apiserver'): Promise<void>;
  etcdCall(call: string, body: object): Promise<void>;
}

export const serviceRange = '10.96.0.0/16';
/** Files in the folder of the processes. */
export const serviceAccountKey = 'service-accounts.key';

const patienceMs = 300_000;

/** etcd, which forgets everything when the machine does, and kube-apiserver with roles. */
export async function startApiServer({ processes, bin, address, ports, accounts, flags = [] }: ApiServerOptions): Promise<ApiServer> {
  const { folder } = processes;
  const at = (name: string): string => join(folder, name);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(at(serviceAccountKey), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(at('tokens.csv'), accounts.map(({ name, token, groups = [] }) => `${token},${name},${name},"${groups.join(',')}"\n`).join(''), { mode: 0o600 });
  const etcd = `http://${address}:${ports.etcd}`;
  const server = `https://${address}:${ports.api}`;
  const certificateFile = join(folder, 'certificates', 'apiserver.crt');
  const programs = {
    etcd: [
      '--data-dir', 'etcd', '--listen-client-urls', etcd, '--advertise-client-urls', etcd, '--listen-peer-urls', `http://127.0.0.1:${ports.etcdPeers}`, '--unsafe-no-fsync',
    ],
    'kube-apiserver': [
      '--etcd-servers', etcd, '--cert-dir', 'certificates', '--secure-port', String(ports.api), '--bind-address', address, '--advertise-address', address,
      '--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', serviceAccountKey, '--service-account-signing-key-file', serviceAccountKey,
      '--service-cluster-ip-range', serviceRange, '--token-auth-file', 'tokens.csv', '--anonymous-auth=false', ...flags,
    ],
  };
  const start = (program: keyof typeof programs): void => processes.start(program, join(bin, program), programs[program]);
  start('etcd');
  start('kube-apiserver');
  const [first] = accounts;
  if (!first) throw new Error('nobody could come in');
  const isReady = async (): Promise<boolean> => {
    let fetcher: ReturnType<typeof createFetch> | undefined;
    try {
      fetcher = createFetch({ certificateAuthority: readFileSync(certificateFile, 'utf8') });
      const response = await fetcher(`${server}/readyz`, { method: 'GET', headers: { authorization: `Bearer ${first.token}` }, signal: AbortSignal.timeout(2000) });
      await response.text();
      return response.status === 200;
    } catch {
      return false; // not listening yet
    } finally {
      await fetcher?.close();
    }
  };
  const untilReady = async (): Promise<void> => {
    const deadline = Date.now() + patienceMs;
    while (!(await isReady())) {
      const fault = processes.fault();
      if (fault !== undefined) throw new Error(fault);
      if (Date.now() > deadline) throw new Error(`Kubernetes is not ready after ${patienceMs / 1000} s:\n${processes.logOf('kube-apiserver')}`);
      await delay(100);
    }
  };
  await untilReady();
  return {
    server,
    etcd,
    certificateAuthority: readFileSync(certificateFile, 'utf8'),
    certificateFile,
    untilReady,
    restart: async (program) => {
      await processes.end(program);
      start(program);
      await untilReady();
    },
    kubeconfig: (account) => {
      const found = accounts.find(({ name }) => name === account);
      if (!found) throw new Error(`${account} has no token`);
      const file = at(`kubeconfig-${account.replaceAll(':', '-')}.json`);
      writeFileSync(file, JSON.stringify({
        apiVersion: 'v1', kind: 'Config', 'current-context': 'c',
        clusters: [{ name: 'k', cluster: { server, 'certificate-authority': certificateFile } }],
        users: [{ name: 'a', user: { token: found.token } }],
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'a' } }],
      }), { mode: 0o600 });
      return file;
    },
    etcdCall: async (call, body) => {
      const response = await fetch(`${etcd}/v3/kv/${call}`, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`etcd ${call}: ${response.status} ${await response.text()}`);
    },
  };
}
