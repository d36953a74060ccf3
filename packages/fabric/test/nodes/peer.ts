import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createOperations } from '../../src/operations/index.ts';
import { BUILDER_SCRIPTS, CONTRACTS_DIR_VARIABLE, externalBuilders } from '../../src/package/index.ts';
import type { HttpEndpoint, NodeEndpoint } from '../../src/transport/index.ts';
import { subjectOf, writeFiles, type TestMember } from './member.ts';
import { fabricPrograms } from './programs.ts';
import { listens, startProcess, until, type RunningProcess } from './process.ts';

export interface TestPeer {
  readonly host: string;
  readonly member: TestMember;
  readonly endpoint: NodeEndpoint;
  readonly operations: HttpEndpoint;
  readonly home: string;
  /** Where the builder looks for `<label>.json`. */
  readonly contractsDir: string;
  readonly tlsRootFile: string;
  readonly process: () => RunningProcess;
  start(): Promise<void>;
}

export async function createPeer({
  folder,
  name,
  host,
  member,
}: {
  folder: string;
  name: string;
  host: string;
  member: TestMember;
}): Promise<TestPeer> {
  const home = join(folder, name);
  const identity = await member.signing.issue(subjectOf(name, 'peer'), 'identity');
  const tls = await member.tls.issue(subjectOf(name, 'peer'), 'tls', { addresses: [host] });
  const contractsDir = join(home, 'contracts');
  await mkdir(contractsDir, { recursive: true });
  await member.writeMsp(join(home, 'msp'), identity);
  await writeFiles(home, { 'tls/cert.pem': tls.certificate + member.tls.issuing, 'tls/key.pem': tls.key, 'tls/root.pem': member.tls.root });
  for (const [path, script] of Object.entries(BUILDER_SCRIPTS)) {
    const file = join(home, 'builder', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, script, { mode: 0o755 });
  }
  const operations: HttpEndpoint = { url: `http://${host}:9443` };
  let running: RunningProcess | undefined;
  return {
    host,
    member,
    home,
    contractsDir,
    operations,
    endpoint: { address: `${host}:7051`, tlsRoots: [member.tls.root], mspId: member.mspId },
    tlsRootFile: join(home, 'tls/root.pem'),
    process() {
      if (!running) throw new Error(`${name} was not started`);
      return running;
    },
    async start() {
      running = startProcess({
        name,
        program: fabricPrograms().path('peer'),
        args: ['node', 'start'],
        env: environment(home, name, host, member.mspId, contractsDir),
        logFile: join(home, 'log'),
      });
      await until(`${name} is healthy`, async () => (await createOperations(operations).health(), listens(host, 7051)), {
        process: running,
      });
    },
  };
}

function environment(home: string, name: string, host: string, mspId: string, contractsDir: string): Record<string, string> {
  return {
    FABRIC_CFG_PATH: fabricPrograms().configDir,
    FABRIC_LOGGING_SPEC: 'info',
    PATH: '/usr/bin:/bin',
    CORE_PEER_ID: name,
    CORE_PEER_LOCALMSPID: mspId,
    CORE_PEER_MSPCONFIGPATH: join(home, 'msp'),
    CORE_PEER_ADDRESS: `${host}:7051`,
    CORE_PEER_LISTENADDRESS: `${host}:7051`,
    CORE_PEER_CHAINCODELISTENADDRESS: `${host}:7052`,
    CORE_PEER_GOSSIP_BOOTSTRAP: `${host}:7051`,
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: `${host}:7051`,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_CERT_FILE: join(home, 'tls/cert.pem'),
    CORE_PEER_TLS_KEY_FILE: join(home, 'tls/key.pem'),
    CORE_PEER_TLS_ROOTCERT_FILE: join(home, 'tls/root.pem'),
    CORE_PEER_FILESYSTEMPATH: join(home, 'data'),
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(home, 'data/snapshots'),
    CORE_OPERATIONS_LISTENADDRESS: `${host}:9443`,
    CORE_METRICS_PROVIDER: 'prometheus',
    CORE_VM_ENDPOINT: '',
    CORE_CHAINCODE_EXTERNALBUILDERS: externalBuilders(join(home, 'builder')),
    [CONTRACTS_DIR_VARIABLE]: contractsDir,
  };
}
