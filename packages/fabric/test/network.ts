import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildGenesisBlock,
  createConnections,
  randomNonce,
  type BftOptions,
  type ChannelConfiguration,
  type Connections,
  type Orderers,
  type RaftOptions,
} from '../src/index.ts';
import { takeAddressBlock } from './nodes/addresses.ts';
import { createMember, type TestMember } from './nodes/member.ts';
import { createOrderer, type TestOrderer } from './nodes/orderer.ts';
import { createPeer, type TestPeer } from './nodes/peer.ts';
import { createTestContract, type Launch, type TestContract } from './nodes/contract.ts';
import { until } from './nodes/process.ts';

/** Real nodes on loopback addresses of their own, one member that orders and some that endorse, each with one peer. Nothing is joined yet. */
export interface TestNetwork {
  readonly folder: string;
  readonly connections: Connections;
  readonly ordering: TestMember;
  readonly members: readonly TestMember[];
  readonly orderers: readonly TestOrderer[];
  readonly peers: readonly TestPeer[];
  readonly ordererNodes: Orderers;
  genesis(channel: string): Uint8Array;
  /** Joins all orderers and waits until one leads. */
  joinOrderers(channel: string, block: Uint8Array): Promise<void>;
  /** A contract's instance for each member, ready to be dialled once its package is installed. */
  contract(label: string, launch?: Launch): Promise<TestContract>;
  stop(): Promise<void>;
}

export interface NetworkOptions {
  readonly type: 'raft' | 'bft';
  readonly orderers: number;
  readonly mspIds: readonly string[];
}

export async function startNetwork({ type, orderers: count, mspIds }: NetworkOptions): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-fabric-'));
  const addresses = await takeAddressBlock();
  const [ordering, ...members] = await Promise.all(['OrdererMSP', ...mspIds].map(createMember));
  if (!ordering) throw new Error('unreachable');
  const orderers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      createOrderer({ folder, name: `orderer${index + 1}`, host: addresses.next(), member: ordering }),
    ),
  );
  const peers = await Promise.all(
    members.map((member) => createPeer({ folder, name: `peer-${member.mspId}`, host: addresses.next(), member })),
  );
  const connections = createConnections();
  const contracts: TestContract[] = [];
  await Promise.all([...orderers, ...peers].map((node) => node.start()));
  return {
    folder,
    connections,
    ordering,
    members,
    orderers,
    peers,
    ordererNodes: { ordering: type, nodes: orderers.map(({ endpoint }) => endpoint) },
    genesis: (channel) =>
      buildGenesisBlock(configuration(channel, type, ordering, members, orderers, peers), { timestamp: new Date(), nonce: randomNonce() }),
    async joinOrderers(channel, block) {
      await Promise.all(orderers.map(({ participation }) => participation.join(block)));
      await until(`channel ${channel} is active at all orderers`, async () => {
        const infos = await Promise.all(orderers.map(({ participation }) => participation.info(channel)));
        return infos.every((info) => info?.status === 'active' && info.relation === 'consenter') || undefined;
      });
    },
    async contract(label, launch) {
      const contract = await createTestContract({ folder, label, peers, addresses, launch });
      contracts.push(contract);
      return contract;
    },
    async stop() {
      connections.close();
      await Promise.all([...contracts.map((contract) => contract.stop()), ...[...orderers, ...peers].map((node) => node.process().kill())]);
      await addresses.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const RAFT: RaftOptions = {
  tickIntervalMs: 100,
  electionTick: 10,
  heartbeatTick: 1,
  maxInflightBlocks: 5,
  snapshotIntervalSize: 16_777_216,
};

const BFT: BftOptions = {
  requestBatchMaxCount: 100,
  requestBatchMaxBytes: 10_485_760,
  requestBatchMaxIntervalMs: 200,
  incomingMessageBufferSize: 200,
  requestPoolSize: 400,
  requestForwardTimeoutMs: 1_000,
  requestComplainTimeoutMs: 2_000,
  requestAutoRemoveTimeoutMs: 180_000,
  requestMaxBytes: 0,
  viewChangeResendIntervalMs: 2_000,
  viewChangeTimeoutMs: 5_000,
  leaderHeartbeatTimeoutMs: 3_000,
  leaderHeartbeatCount: 10,
  collectTimeoutMs: 1_000,
  syncOnStart: false,
  speedUpViewChange: false,
};

function configuration(
  channel: string,
  type: 'raft' | 'bft',
  ordering: TestMember,
  members: readonly TestMember[],
  orderers: readonly TestOrderer[],
  peers: readonly TestPeer[],
): ChannelConfiguration {
  const consenters = orderers.map(({ host, port, tlsCertificate, identityCertificate }, index) => ({
    host,
    port,
    clientTlsCertificate: tlsCertificate,
    serverTlsCertificate: tlsCertificate,
    id: index + 1,
    mspId: ordering.mspId,
    identity: identityCertificate,
  }));
  return {
    channel,
    ordering: type === 'raft' ? { type, consenters, options: RAFT } : { type, consenters, options: BFT },
    batch: { maxMessageCount: 500, absoluteMaxBytes: 10_485_760, preferredMaxBytes: 2_097_152, timeoutMs: 200 },
    capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
    ordererOrganizations: [
      { name: ordering.mspId, msp: ordering.description, endpoints: orderers.map(({ host, port }) => ({ host, port })) },
    ],
    applicationOrganizations: members.map((member) => ({
      name: member.mspId,
      msp: member.description,
      anchorPeers: peers.filter((peer) => peer.member === member).map(({ host }) => ({ host, port: 7051 })),
    })),
  };
}

/** The environment in which Fabric's own `peer` acts as a member's administrator against its peer. */
export async function cliEnvironment(network: TestNetwork, peer: TestPeer, configDir: string): Promise<Record<string, string>> {
  const folder = join(network.folder, `cli-${peer.member.mspId}`);
  await peer.member.writeMsp(join(folder, 'msp'), peer.member.adminMaterial);
  await writeFile(join(folder, 'orderer-root.pem'), network.ordering.tls.root);
  return {
    FABRIC_CFG_PATH: configDir,
    CORE_PEER_LOCALMSPID: peer.member.mspId,
    CORE_PEER_MSPCONFIGPATH: join(folder, 'msp'),
    CORE_PEER_ADDRESS: peer.endpoint.address,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_ROOTCERT_FILE: peer.tlsRootFile,
    ORDERER_CA: join(folder, 'orderer-root.pem'),
  };
}
