import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectionFile } from '../../src/package/index.ts';
import type { AddressBlock } from './addresses.ts';
import { subjectOf, writeFiles } from './member.ts';
import type { TestPeer } from './peer.ts';
import { listens, startProcess, until, type RunningProcess } from './process.ts';

/** A contract as a service, one instance per peer. Its addresses are fixed before it runs, since peers read them at install. */
export interface TestContract {
  readonly label: string;
  start(packageId: string): Promise<void>;
  /** The instance of one member ends. */
  stopOne(mspId: string): Promise<void>;
  stop(): Promise<void>;
}

/** What runs one instance. */
export interface Launch {
  readonly program: URL;
  env(instance: {
    mspId: string;
    host: string;
    packageId: string;
    keyFile: string;
    certificateFile: string;
    home: string;
  }): Record<string, string>;
}

const counter: Launch = {
  program: new URL('../contract/server.ts', import.meta.url),
  env: ({ mspId, host, packageId, keyFile, certificateFile }) => ({
    PACKAGE_ID: packageId,
    ADDRESS: `${host}:9999`,
    TLS_KEY: keyFile,
    TLS_CERT: certificateFile,
    MEMBER: mspId,
  }),
};

export interface TestContractOptions {
  readonly folder: string;
  readonly label: string;
  readonly peers: readonly TestPeer[];
  readonly addresses: AddressBlock;
  readonly launch?: Launch | undefined;
}

export async function createTestContract({
  folder,
  label,
  peers,
  addresses,
  launch = counter,
}: TestContractOptions): Promise<TestContract> {
  const instances = await Promise.all(
    peers.map(async ({ member, contractsDir }) => {
      const host = addresses.next();
      const home = join(folder, `${label}-${member.mspId}`);
      const { certificate, key } = await member.tls.issue(subjectOf(label, 'contract'), 'tls', { addresses: [host] });
      await writeFiles(home, { 'cert.pem': certificate + member.tls.issuing, 'key.pem': key });
      await writeFile(join(contractsDir, `${label}.json`), connectionFile({ address: `${host}:9999`, rootCertificate: member.tls.root }));
      return { mspId: member.mspId, host, home };
    }),
  );
  const running = new Map<string, RunningProcess>();
  return {
    label,
    async start(packageId) {
      await Promise.all(
        instances.map(async ({ mspId, host, home }) => {
          const env = launch.env({ mspId, host, packageId, keyFile: join(home, 'key.pem'), certificateFile: join(home, 'cert.pem'), home });
          const process = startProcess({
            name: `${label} of ${mspId}`,
            program: globalThis.process.execPath,
            args: [fileURLToPath(launch.program)],
            env,
            logFile: join(home, 'log'),
          });
          running.set(mspId, process);
          await until(`${label} of ${mspId} listens`, () => listens(host, 9999), { process });
        }),
      );
    },
    stopOne: async (mspId) => running.get(mspId)?.kill(),
    stop: async () => void (await Promise.all([...running.values()].map((process) => process.kill()))),
  };
}
