import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerProgram } from '../src/index.ts';
import { freePort } from '../../../test/support/free-port.ts';

export interface ArtifactServer {
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Serves bytes under every path, as the control plane does by digest. */
export async function serveArtifact(bytes: Uint8Array): Promise<ArtifactServer> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/artifacts/sha256/0`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface RunningContract {
  readonly address: string;
  readonly output: () => string;
  health(): Promise<number | undefined>;
  /** Resolves when the contract is served; rejects with the output when the process ends before. */
  ready(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ContractOptions {
  readonly digest: string;
  readonly url: string;
  readonly cache: string;
  readonly callLimitMs?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startContract({ digest, url, cache, tls, callLimitMs = 2000 }: ContractOptions): Promise<RunningContract> {
  const [port, healthPort] = [await freePort(), await freePort()];
  const files = await mkdtemp(join(tmpdir(), 'guildhall-contract-'));
  const keyFile = join(files, 'key.pem');
  const certFile = join(files, 'cert.pem');
  if (tls) await Promise.all([writeFile(keyFile, tls.key, { mode: 0o600 }), writeFile(certFile, tls.cert)]);
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(runnerProgram)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      GUILDHALL_ARTIFACT_DIGEST: digest,
      GUILDHALL_ARTIFACT_URL: url,
      GUILDHALL_ARTIFACT_CACHE: cache,
      GUILDHALL_CONTRACT_ADDRESS: `127.0.0.1:${port}`,
      GUILDHALL_HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      GUILDHALL_CALL_LIMIT_MS: String(callLimitMs),
      GUILDHALL_PACKAGE_ID: `receivable_1.0.0-${digest.slice(7, 23)}:${'ab'.repeat(32)}`,
      ...(tls ? { GUILDHALL_CONTRACT_TLS_KEY_FILE: keyFile, GUILDHALL_CONTRACT_TLS_CERT_FILE: certFile } : {}),
    },
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = once(child, 'exit').then(() => child.exitCode);

  const health = async (): Promise<number | undefined> => {
    try {
      const response = await fetch(`http://127.0.0.1:${healthPort}/healthz`);
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    }
  };
  return {
    address: `127.0.0.1:${port}`,
    output: () => output,
    health,
    async ready() {
      while ((await health()) !== 200) {
        if (child.exitCode !== null) throw new Error(`the contract runner ended:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null) child.kill(signal);
      const code = await ended;
      await rm(files, { recursive: true, force: true });
      return code;
    },
  };
}
