import {
  CommitError, ConnectError, DecodeError, decodeBlock, decodeConfiguration, decodeProposal, EndorseError, readPackage, SubmitError, type Inspection, type NodeEndpoint,
} from '@guildhall/fabric';
import type { FabricPorts, SignedBytes } from '../ports/fabric.ts';
import { ModelLedger, type ModelTransaction } from './model-ledger.ts';

interface ModelNode {
  role: 'peer' | 'orderer';
  mspId: string;
  running: boolean;
  /** Does not answer, though its process runs. */
  hung: boolean;
  channels: Set<string>;
  /** Channels that it has left: its metrics show them as before until its process ends. */
  left: Set<string>;
  packages: Set<string>;
}

/** What the network did: each is to happen once. */
export interface ModelRecord {
  genesisBlocks: Map<string, Set<string>>;
  installs: { host: string; packageId: string }[];
  /** Each time that a node was asked to join, though it had. */
  joins: { host: string; channel: string }[];
  commits: { channel: string; contract: string; sequence: number }[];
}

/** Fabric as far as the operator's ports go. Data outlives a node's process, as a volume does. */
export interface FabricModel extends FabricPorts {
  startNode(host: string, node: { role: 'peer' | 'orderer'; mspId: string }): void;
  startInstance(host: string, instance: { artifactDigest: string; packageId: string }): void;
  /** Ends a node or an instance. */
  stop(host: string): void;
  hang(host: string, hung: boolean): void;
  ledger(channel: string): ModelLedger | undefined;
  readonly record: ModelRecord;
}

const hostOf = (address: string): string => new URL(address.includes('://') ? address : `grpc://${address}`).hostname;
const unreachable = (address: string): ConnectError => new ConnectError('UNREACHABLE', `The node at ${address} cannot be reached.`);

export function createFabricModel(): FabricModel {
  const nodes = new Map<string, ModelNode>();
  const instances = new Map<string, { artifactDigest: string; packageId: string }>();
  const ledgers = new Map<string, ModelLedger>();
  const record: ModelRecord = { genesisBlocks: new Map(), installs: [], joins: [], commits: [] };

  const nodeAt = (address: string): ModelNode => {
    const node = nodes.get(hostOf(address));
    if (node === undefined || !node.running || node.hung) throw unreachable(address);
    return node;
  };
  const ledgerAt = (node: ModelNode, channel: string): ModelLedger => {
    const ledger = ledgers.get(channel);
    if (ledger === undefined || !node.channels.has(channel)) throw new EndorseError('CHANNEL_NOT_FOUND', `channel '${channel}' not found`);
    return ledger;
  };
  const quorum = (channel: string): boolean => {
    const members = [...nodes.values()].filter(({ role, channels }) => role === 'orderer' && channels.has(channel));
    return members.filter(({ running, hung }) => running && !hung).length > members.length / 2;
  };
  const leaderOf = (channel: string): ModelNode | undefined =>
    quorum(channel) ? [...nodes.values()].find(({ role, running, hung, channels }) => role === 'orderer' && running && !hung && channels.has(channel)) : undefined;

  function join(address: string, block: Uint8Array): void {
    const node = nodeAt(address);
    const { channel, config, hash } = decodeBlock(block);
    if (config === undefined) throw new DecodeError('MALFORMED_MESSAGE', 'not a configuration block');
    const known = record.genesisBlocks.get(channel) ?? new Set();
    record.genesisBlocks.set(channel, known.add(Buffer.from(block).toString('base64')));
    record.joins.push({ host: hostOf(address), channel });
    const members = decodeConfiguration(channel, config).applicationOrganizations.map(({ msp }) => msp.mspId);
    if (!ledgers.has(channel)) ledgers.set(channel, new ModelLedger(channel, hash, members));
    node.channels.add(channel);
    node.left.delete(channel);
  }

  async function inspect(address: string): Promise<Inspection> {
    await Promise.resolve();
    const node = nodes.get(hostOf(address));
    if (node === undefined || !node.running) return { healthy: false, contact: 'unreachable', why: `The node at ${address} cannot be reached.`, channels: [] };
    if (node.hung) return { healthy: false, contact: 'silent', why: `The node at ${address} did not answer in time.`, channels: [] };
    const channels = [...node.channels, ...node.left].map((name) => {
      const shown = { name, height: ledgers.get(name)?.height ?? 0 };
      return node.role === 'peer' ? shown : { ...shown, relation: 'consenter' as const, status: 'active' as const, leader: leaderOf(name) === node };
    });
    return { healthy: true, contact: 'answers', why: '', version: '3.1.0', channels };
  }

  /** What a proposal asks for, as far as it changes a ledger. */
  function transactionOf({ bytes }: SignedBytes): { id: string; channel: string; transaction: ModelTransaction } {
    const { call, creator, transactionId } = decodeProposal(bytes);
    if (call.kind === 'ApproveChaincodeDefinitionForMyOrg') {
      return { id: transactionId, channel: call.channel, transaction: { kind: 'approve', mspId: creator.mspId, definition: call.definition, packageId: call.packageId } };
    }
    if (call.kind === 'CommitChaincodeDefinition') return { id: transactionId, channel: call.channel, transaction: { kind: 'commit', definition: call.definition } };
    throw new EndorseError('PROPOSAL_REFUSED', `the model does not endorse ${call.kind}`);
  }

  return {
    record,
    ledger: (channel) => ledgers.get(channel),
    startNode(host, { role, mspId }) {
      const before = nodes.get(host);
      nodes.set(host, { role, mspId, running: true, hung: false, channels: before?.channels ?? new Set(), left: new Set(), packages: before?.packages ?? new Set() });
    },
    startInstance: (host, instance) => void instances.set(host, instance),
    stop(host) {
      instances.delete(host);
      const node = nodes.get(host);
      if (node !== undefined) node.running = false;
    },
    hang(host, hung) {
      const node = nodes.get(host);
      if (node !== undefined) node.hung = hung;
    },
    orderers: {
      inspect: (operations) => inspect(operations.url),
      join: async (admin, block) => join(admin.url, block),
      async leave(admin, channel) {
        const node = nodeAt(admin.url);
        if (node.channels.delete(channel)) node.left.add(channel);
      },
    },
    peers: {
      inspect: (operations) => inspect(operations.url),
      async join({ address }, { bytes }) {
        const { call } = decodeProposal(bytes);
        if (call.kind !== 'JoinChain') throw new EndorseError('PROPOSAL_REFUSED', `a join was expected, not ${call.kind}`);
        join(address, call.block);
      },
      async install({ address }, { bytes }) {
        const node = nodeAt(address);
        const { call } = decodeProposal(bytes);
        if (call.kind !== 'InstallChaincode') throw new EndorseError('PROPOSAL_REFUSED', `an install was expected, not ${call.kind}`);
        const { packageId } = readPackage(call.package);
        if (!node.packages.has(packageId)) record.installs.push({ host: hostOf(address), packageId });
        node.packages.add(packageId);
        return packageId;
      },
    },
    channels: {
      async chainInfo({ address }, _reader, channel) {
        const { height } = ledgerAt(nodeAt(address), channel);
        return { height, currentBlockHash: Buffer.from(`${channel}/${height}`) };
      },
      configuration: async ({ address }, _reader, channel) => ({ sequence: 0, block: 0, hash: ledgerAt(nodeAt(address), channel).genesisHash }),
      async committed({ address }, _reader, channel, contract) {
        const ledger = ledgerAt(nodeAt(address), channel);
        const { committed } = ledger.contract(contract);
        return committed && { definition: committed, approvals: ledger.approvals(committed) };
      },
      async readiness({ address }, _reader, channel, definition) {
        const ledger = ledgerAt(nodeAt(address), channel);
        const next = ledger.nextSequence(definition.name);
        if (definition.sequence !== next) throw new EndorseError('CONTRACT_REFUSED', `requested sequence is ${definition.sequence}, but new definition must be sequence ${next}`);
        return { approvals: ledger.approvals(definition), mismatches: {} };
      },
      async endorse(peers: readonly NodeEndpoint[], proposal) {
        const { id, channel, transaction } = transactionOf(proposal);
        for (const { address } of peers) {
          const node = nodeAt(address);
          const refusal = ledgerAt(node, channel).refusal(transaction, node.mspId);
          if (refusal !== undefined) throw new EndorseError('CONTRACT_REFUSED', `${address} refused: ${refusal}`);
        }
        return { bytes: proposal.bytes, transactionId: id, channel, result: new Uint8Array() };
      },
      async submit({ orderers, peer }, signed) {
        const { id, channel, transaction } = transactionOf(signed);
        const ledger = ledgerAt(nodeAt(peer.address), channel);
        const before = ledger.transactions.has(id);
        if (!before && (orderers.length === 0 || leaderOf(channel) === undefined)) throw new SubmitError('ORDERERS_UNAVAILABLE', 'no Raft leader');
        const code = ledger.order(id, transaction);
        if (code !== 0) throw new CommitError(code, `Transaction ${id} was not valid`);
        const { name, sequence } = transaction.definition;
        if (!before && transaction.kind === 'commit') record.commits.push({ channel, contract: name, sequence });
      },
    },
    ways: { preflight: () => Promise.resolve({ reached: true }) },
    instances: {
      async inspect(url, expected) {
        const instance = instances.get(hostOf(url));
        if (instance === undefined) return { healthy: false, why: 'it does not listen yet', silent: false };
        const same = instance.artifactDigest === expected.artifactDigest && instance.packageId === expected.packageId;
        return { healthy: same, why: same ? '' : 'it runs other code', silent: false };
      },
      async greet({ address }) {
        const runs = instances.has(hostOf(address));
        return { healthy: runs, why: runs ? '' : 'nothing listens yet', silent: false };
      },
    },
  };
}
