import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildPackage, BUILDER_SCRIPTS, CONTRACTS_DIR_VARIABLE, externalBuilders } from '@guildhall/fabric';
import { runnerProgram, type BuiltContract } from '@guildhall/contract-runner';
import { initArgument } from './networks.ts';
import type { Stages } from './stages.ts';

const bin = process.env['GUILDHALL_FABRIC_BIN'] ?? '';
const config = join(bin, '..', 'config');
const channel = 'trade';
const contract = 'receivable';
const orderers = ['orderer0', 'orderer1', 'orderer2'];
const members = ['a', 'b'];

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}

class ToolError extends Error {}

/** Runs one of Fabric's tools to its end. */
async function tool(name: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(join(bin, name), args, { env: { PATH: process.env['PATH'] ?? '', FABRIC_CFG_PATH: config, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new ToolError(`${name} ${args.slice(0, 3).join(' ')} ended with ${code}: ${output.trim().split('\n').at(-1) ?? ''}`);
  return output;
}

const cryptoConfig = (): string => {
  const nodes = (hostnames: string[]): string => hostnames.map((hostname) => `      - { Hostname: ${hostname}, SANS: ["127.0.0.1", "localhost"] }`).join('\n');
  return `OrdererOrgs:
  - Name: Ordering
    Domain: ordering.test
    EnableNodeOUs: true
    Specs:
${nodes(orderers)}
PeerOrgs:
${members.map((name) => `  - Name: ${name}\n    Domain: ${name}.test\n    EnableNodeOUs: true\n    Specs:\n${nodes(['peer0'])}\n    Users: { Count: 0 }`).join('\n')}
`;
};

interface Ports {
  orderers: { grpc: number; admin: number; operations: number }[];
  peers: { grpc: number; chaincode: number; operations: number; contract: number; contractHealth: number }[];
}

function configtx(folder: string, ports: Ports): string {
  const tls = (index: number): string => join(folder, 'crypto/ordererOrganizations/ordering.test/orderers', `orderer${index}.ordering.test`, 'tls/server.crt');
  const policies = (readers: string, writers: string, admins: string, more = ''): string => `    Policies:
      Readers: { Type: Signature, Rule: "${readers}" }
      Writers: { Type: Signature, Rule: "${writers}" }
      Admins: { Type: Signature, Rule: "${admins}" }
${more}`;
  const meta = (indent: string, more = ''): string =>
    ['Policies:', '  Readers: { Type: ImplicitMeta, Rule: "ANY Readers" }', '  Writers: { Type: ImplicitMeta, Rule: "ANY Writers" }', '  Admins: { Type: ImplicitMeta, Rule: "MAJORITY Admins" }', ...(more ? [more] : [])].map((line) => indent + line).join('\n');
  return `Organizations:
  - &Ordering
    Name: Ordering
    ID: OrderingMSP
    MSPDir: ${join(folder, 'crypto/ordererOrganizations/ordering.test/msp')}
${policies("OR('OrderingMSP.member')", "OR('OrderingMSP.member')", "OR('OrderingMSP.admin')")}
    OrdererEndpoints: [${ports.orderers.map(({ grpc }) => `"127.0.0.1:${grpc}"`).join(', ')}]
${members
  .map((name) => `  - &${name}
    Name: ${name}MSP
    ID: ${name}MSP
    MSPDir: ${join(folder, `crypto/peerOrganizations/${name}.test/msp`)}
${policies(`OR('${name}MSP.admin', '${name}MSP.peer', '${name}MSP.client')`, `OR('${name}MSP.admin', '${name}MSP.client')`, `OR('${name}MSP.admin')`, `      Endorsement: { Type: Signature, Rule: "OR('${name}MSP.peer')" }`)}`)
  .join('\n')}
Profiles:
  Bench:
${meta('    ')}
    Capabilities: { V3_0: true }
    Orderer:
      OrdererType: etcdraft
      BatchTimeout: 2s
      BatchSize: { MaxMessageCount: 500, AbsoluteMaxBytes: 10 MB, PreferredMaxBytes: 2 MB }
      EtcdRaft:
        Consenters:
${ports.orderers.map(({ grpc }, index) => `          - { Host: 127.0.0.1, Port: ${grpc}, ClientTLSCert: ${tls(index)}, ServerTLSCert: ${tls(index)} }`).join('\n')}
      Organizations: [*Ordering]
${meta('      ', '  BlockValidation: { Type: ImplicitMeta, Rule: "ANY Writers" }')}
      Capabilities: { V2_0: true }
    Application:
      Organizations: [${members.map((name) => `*${name}`).join(', ')}]
${meta('      ', '  Endorsement: { Type: ImplicitMeta, Rule: "MAJORITY Endorsement" }\n        LifecycleEndorsement: { Type: ImplicitMeta, Rule: "MAJORITY Endorsement" }')}
      Capabilities: { V2_5: true }
`;
}

function startOrderer(folder: string, index: number, ports: Ports['orderers'][number]): ChildProcess {
  const home = join(folder, 'crypto/ordererOrganizations/ordering.test/orderers', `orderer${index}.ordering.test`);
  const data = join(folder, `orderer${index}`);
  const tls = { CERTIFICATE: join(home, 'tls/server.crt'), PRIVATEKEY: join(home, 'tls/server.key') };
  return node('orderer', [], {
    ORDERER_GENERAL_LISTENADDRESS: '127.0.0.1',
    ORDERER_GENERAL_LISTENPORT: String(ports.grpc),
    ORDERER_GENERAL_LOCALMSPID: 'OrderingMSP',
    ORDERER_GENERAL_LOCALMSPDIR: join(home, 'msp'),
    ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
    ORDERER_GENERAL_TLS_ENABLED: 'true',
    ORDERER_GENERAL_TLS_CERTIFICATE: tls.CERTIFICATE,
    ORDERER_GENERAL_TLS_PRIVATEKEY: tls.PRIVATEKEY,
    ORDERER_GENERAL_TLS_ROOTCAS: `[${join(home, 'tls/ca.crt')}]`,
    ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: tls.CERTIFICATE,
    ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: tls.PRIVATEKEY,
    ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${join(home, 'tls/ca.crt')}]`,
    ORDERER_FILELEDGER_LOCATION: join(data, 'ledger'),
    ORDERER_CONSENSUS_WALDIR: join(data, 'wal'),
    ORDERER_CONSENSUS_SNAPDIR: join(data, 'snap'),
    ORDERER_ADMIN_LISTENADDRESS: `127.0.0.1:${ports.admin}`,
    ORDERER_ADMIN_TLS_ENABLED: 'true',
    ORDERER_ADMIN_TLS_CERTIFICATE: tls.CERTIFICATE,
    ORDERER_ADMIN_TLS_PRIVATEKEY: tls.PRIVATEKEY,
    ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED: 'true',
    ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${join(home, 'tls/ca.crt')}]`,
    ORDERER_OPERATIONS_LISTENADDRESS: `127.0.0.1:${ports.operations}`,
    ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
  });
}

const peerHome = (folder: string, member: string): string => join(folder, `crypto/peerOrganizations/${member}.test/peers/peer0.${member}.test`);

function startPeer(folder: string, member: string, ports: Ports['peers'][number]): ChildProcess {
  const home = peerHome(folder, member);
  const data = join(folder, `peer-${member}`);
  return node('peer', ['node', 'start'], {
    CORE_PEER_ID: `peer0.${member}`,
    CORE_PEER_LOCALMSPID: `${member}MSP`,
    CORE_PEER_MSPCONFIGPATH: join(home, 'msp'),
    CORE_PEER_ADDRESS: `127.0.0.1:${ports.grpc}`,
    CORE_PEER_LISTENADDRESS: `127.0.0.1:${ports.grpc}`,
    CORE_PEER_CHAINCODELISTENADDRESS: `127.0.0.1:${ports.chaincode}`,
    CORE_PEER_GOSSIP_BOOTSTRAP: `127.0.0.1:${ports.grpc}`,
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: `127.0.0.1:${ports.grpc}`,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_CERT_FILE: join(home, 'tls/server.crt'),
    CORE_PEER_TLS_KEY_FILE: join(home, 'tls/server.key'),
    CORE_PEER_TLS_ROOTCERT_FILE: join(home, 'tls/ca.crt'),
    CORE_PEER_FILESYSTEMPATH: join(data, 'data'),
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(data, 'snapshots'),
    CORE_OPERATIONS_LISTENADDRESS: `127.0.0.1:${ports.operations}`,
    CORE_VM_ENDPOINT: '',
    CORE_CHAINCODE_EXTERNALBUILDERS: externalBuilders(join(folder, 'builder')),
    [CONTRACTS_DIR_VARIABLE]: join(folder, `contracts-${member}`),
  });
}

function node(program: string, args: string[], env: Record<string, string>): ChildProcess {
  return spawn(join(bin, program), args, { env: { PATH: process.env['PATH'] ?? '', FABRIC_CFG_PATH: config, FABRIC_LOGGING_SPEC: 'error', ...env }, stdio: 'ignore' });
}

async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(10);
  }
}

/** As a person would: while the orderers have no leader yet, the tool is run again. */
async function onceLed(run: () => Promise<string>): Promise<void> {
  for (;;) {
    try {
      await run();
      return;
    } catch (error) {
      if (!(error instanceof ToolError) || !error.message.includes('no Raft leader')) throw error;
      await delay(100);
    }
  }
}

/**
 * The same network as Fabric's own documentation brings it up: each tool after the other, Fabric's default settings, and
 * the contract as a service of each member. Ends everything before it returns.
 */
export async function bringUpWithFabricTools(code: BuiltContract): Promise<Stages> {
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-bench-'));
  const processes: ChildProcess[] = [];
  const numbers = await freePorts(orderers.length * 3 + members.length * 5);
  const take = (): number => numbers.pop() ?? 0;
  const ports: Ports = {
    orderers: orderers.map(() => ({ grpc: take(), admin: take(), operations: take() })),
    peers: members.map(() => ({ grpc: take(), chaincode: take(), operations: take(), contract: take(), contractHealth: take() })),
  };
  const stages: [name: string, seconds: number][] = [];
  const stage = async (name: string, work: () => Promise<void>): Promise<void> => {
    const began = performance.now();
    await work();
    stages.push([name, (performance.now() - began) / 1000]);
  };
  const admin = (index: number): Record<string, string> => {
    const member = members[index] ?? '';
    return {
      CORE_PEER_LOCALMSPID: `${member}MSP`,
      CORE_PEER_MSPCONFIGPATH: join(folder, `crypto/peerOrganizations/${member}.test/users/Admin@${member}.test/msp`),
      CORE_PEER_ADDRESS: `127.0.0.1:${ports.peers[index]?.grpc}`,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_ROOTCERT_FILE: join(peerHome(folder, member), 'tls/ca.crt'),
    };
  };
  const ordererCa = join(folder, 'crypto/ordererOrganizations/ordering.test/orderers/orderer0.ordering.test/tls/ca.crt');
  const toOrderer = ['-o', `127.0.0.1:${ports.orderers[0]?.grpc}`, '--tls', '--cafile', ordererCa];
  const atBothPeers = members.flatMap((member, index) => ['--peerAddresses', `127.0.0.1:${ports.peers[index]?.grpc}`, '--tlsRootCertFiles', join(peerHome(folder, member), 'tls/ca.crt')]);
  const contractPackage = buildPackage({ name: contract, version: '1.0.0', artifactDigest: code.digest.replace('sha256:', '') });

  try {
    await prepareBuilder(folder, ports, contractPackage.label);
    await stage('crypto material', async () => {
      await writeFile(join(folder, 'crypto-config.yaml'), cryptoConfig());
      await tool('cryptogen', ['generate', `--config=${join(folder, 'crypto-config.yaml')}`, `--output=${join(folder, 'crypto')}`]);
    });
    await stage('first block', async () => {
      await mkdir(join(folder, 'configtx'));
      await writeFile(join(folder, 'configtx', 'configtx.yaml'), configtx(folder, ports));
      await tool('configtxgen', ['-profile', 'Bench', '-channelID', channel, '-outputBlock', join(folder, 'genesis.block'), '-configPath', join(folder, 'configtx')]);
    });
    await stage('nodes healthy', async () => {
      for (const [index, each] of ports.orderers.entries()) processes.push(startOrderer(folder, index, each));
      for (const [index, each] of ports.peers.entries()) processes.push(startPeer(folder, members[index] ?? '', each));
      for (const { operations } of [...ports.orderers, ...ports.peers]) await untilHealthy(`http://127.0.0.1:${operations}/healthz`);
    });
    await stage('orderers joined', async () => {
      for (const [index, { admin: port }] of ports.orderers.entries()) {
        const home = join(folder, 'crypto/ordererOrganizations/ordering.test/orderers', `orderer${index}.ordering.test`, 'tls');
        await tool('osnadmin', ['channel', 'join', '--channelID', channel, '--config-block', join(folder, 'genesis.block'), '-o', `127.0.0.1:${port}`, '--ca-file', ordererCa, '--client-cert', join(home, 'server.crt'), '--client-key', join(home, 'server.key')]);
      }
    });
    await stage('peers joined', async () => {
      for (const index of members.keys()) await tool('peer', ['channel', 'join', '-b', join(folder, 'genesis.block')], admin(index));
    });
    await stage('contract installed', async () => {
      await writeFile(join(folder, 'package.tgz'), contractPackage.bytes);
      await writeFile(join(folder, 'artifact.js'), code.artifact);
      await Promise.all(members.map((_, index) => startContract(folder, index, ports, code, contractPackage.packageId, processes)));
      for (const index of members.keys()) await tool('peer', ['lifecycle', 'chaincode', 'install', join(folder, 'package.tgz')], admin(index));
    });
    await stage('contract approved', async () => {
      for (const index of members.keys()) {
        await onceLed(() => tool('peer', ['lifecycle', 'chaincode', 'approveformyorg', ...toOrderer, '--channelID', channel, '--name', contract, '--version', '1.0.0', '--package-id', contractPackage.packageId, '--sequence', '1'], admin(index)));
      }
    });
    await stage('contract committed', async () => {
      await tool('peer', ['lifecycle', 'chaincode', 'commit', ...toOrderer, '--channelID', channel, '--name', contract, '--version', '1.0.0', '--sequence', '1', ...atBothPeers], admin(0));
    });
    await stage('first transaction', async () => {
      const call = JSON.stringify({ Args: ['Init', initArgument(members.map((member) => `${member}MSP`))] });
      await tool('peer', ['chaincode', 'invoke', ...toOrderer, '-C', channel, '-n', contract, '-c', call, '--waitForEvent', ...atBothPeers], admin(0));
    });
    return stages;
  } finally {
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepareBuilder(folder: string, ports: Ports, label: string): Promise<void> {
  await mkdir(join(folder, 'builder', 'bin'), { recursive: true });
  for (const [name, script] of Object.entries(BUILDER_SCRIPTS)) await writeFile(join(folder, 'builder', name), script, { mode: 0o755 });
  for (const [index, member] of members.entries()) {
    const contracts = join(folder, `contracts-${member}`);
    await mkdir(contracts);
    // Without TLS, as in Fabric's own example of contracts as a service: what is compared against is not slowed down.
    await writeFile(join(contracts, `${label}.json`), JSON.stringify({ address: `127.0.0.1:${ports.peers[index]?.contract}`, dial_timeout: '10s', tls_required: false }));
  }
}

async function startContract(folder: string, index: number, ports: Ports, code: BuiltContract, packageId: string, processes: ChildProcess[]): Promise<void> {
  const cache = join(folder, `artifacts-${index}`);
  await mkdir(cache);
  await cp(join(folder, 'artifact.js'), join(cache, `${code.digest.replace(':', '-')}.js`));
  const health = `127.0.0.1:${ports.peers[index]?.contractHealth}`;
  processes.push(
    spawn(process.execPath, [fileURLToPath(runnerProgram)], {
      env: {
        PATH: process.env['PATH'] ?? '',
        GUILDHALL_ARTIFACT_DIGEST: code.digest,
        GUILDHALL_ARTIFACT_URL: 'http://127.0.0.1:9/never-asked',
        GUILDHALL_ARTIFACT_CACHE: cache,
        GUILDHALL_CONTRACT_ADDRESS: `127.0.0.1:${ports.peers[index]?.contract}`,
        GUILDHALL_HEALTH_ADDRESS: health,
        GUILDHALL_PACKAGE_ID: packageId,
      },
      stdio: 'ignore',
    }),
  );
  await untilHealthy(`http://${health}/healthz`);
}
