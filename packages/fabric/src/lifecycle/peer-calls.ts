import type { peer } from '@hyperledger/fabric-protos';
import { endorse, query, resultOf } from '../endorser/index.ts';
import { EndorseError, LifecycleError } from '../errors.ts';
import { randomNonce, type Signer } from '../identity/index.ts';
import {
  decodeResult,
  signProposal,
  type ApprovedDefinition,
  type Call,
  type CommitReadiness,
  type CommittedDefinition,
  type ContractDefinition,
  type InstalledPackage,
} from '../proposal/index.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';

/** One peer, reached over shared connections. */
export interface PeerLink {
  readonly connections: Connections;
  readonly node: NodeEndpoint;
}

/** Answers of a peer's system contracts to one signer. */
export interface PeerQueries {
  /** Channels that the peer has joined; needs a member of the peer's own organisation. */
  channels(options?: CallOptions): Promise<readonly string[]>;
  chainInfo(channel: string, options?: CallOptions): ReturnTypeOf<'GetChainInfo'>;
  /** common.Block */
  block(channel: string, number: number, options?: CallOptions): Promise<Uint8Array>;
  /** The block that holds the transaction, the first one. `undefined` when the peer has not committed it. */
  blockOfTransaction(channel: string, transactionId: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** The newest configuration block, as the peer has committed it. */
  configBlock(channel: string, options?: CallOptions): Promise<Uint8Array>;
  /** `undefined` when the peer has not committed it. */
  transaction(
    channel: string,
    transactionId: string,
    options?: CallOptions,
  ): Promise<{ envelope: Uint8Array; validationCode: number } | undefined>;
  /** Needs an administrator of the peer's organisation. */
  installed(options?: CallOptions): Promise<readonly InstalledPackage[]>;
  readiness(channel: string, definition: ContractDefinition, options?: CallOptions): Promise<CommitReadiness>;
  /** `undefined` when nothing is committed under this name. */
  definition(channel: string, name: string, options?: CallOptions): Promise<CommittedDefinition | undefined>;
  definitions(channel: string, options?: CallOptions): Promise<readonly ContractDefinition[]>;
  /** The member's own newest approval; needs its administrator. `undefined` when it has approved nothing. */
  approved(channel: string, name: string, options?: CallOptions): Promise<ApprovedDefinition | undefined>;
}

type ReturnTypeOf<K extends keyof typeof decodeResult> = Promise<ReturnType<(typeof decodeResult)[K]>>;

/** common/ledger/blkstorage: "no such transaction ID [x] in index" */
const NO_SUCH_TRANSACTION = /no such transaction ID/;

export function peerQueries({ connections, node }: PeerLink, signer: Signer): PeerQueries {
  const ask = (call: Call, options: CallOptions | undefined): Promise<Uint8Array> => query(connections, node, signer, call, options);
  return {
    channels: async (options) => decodeResult.GetChannels(await ask({ kind: 'GetChannels' }, options)),
    chainInfo: async (channel, options) => decodeResult.GetChainInfo(await ask({ kind: 'GetChainInfo', channel }, options)),
    block: (channel, number, options) => ask({ kind: 'GetBlockByNumber', channel, number }, options),
    blockOfTransaction: (channel, transactionId, options) =>
      unlessRefused(ask({ kind: 'GetBlockByTxID', channel, transactionId }, options), NO_SUCH_TRANSACTION),
    configBlock: (channel, options) => ask({ kind: 'GetConfigBlock', channel }, options),
    transaction: async (channel, transactionId, options) => {
      const bytes = await unlessRefused(ask({ kind: 'GetTransactionByID', channel, transactionId }, options), NO_SUCH_TRANSACTION);
      return bytes && decodeResult.GetTransactionByID(bytes);
    },
    installed: async (options) => decodeResult.QueryInstalledChaincodes(await ask({ kind: 'QueryInstalledChaincodes' }, options)),
    readiness: async (channel, definition, options) =>
      decodeResult.CheckCommitReadiness(await ask({ kind: 'CheckCommitReadiness', channel, definition }, options)),
    definition: async (channel, name, options) => {
      const bytes = await unlessRefused(ask({ kind: 'QueryChaincodeDefinition', channel, name }, options), /namespace .* is not defined/);
      return bytes && decodeResult.QueryChaincodeDefinition(bytes, name);
    },
    definitions: async (channel, options) =>
      decodeResult.QueryChaincodeDefinitions(await ask({ kind: 'QueryChaincodeDefinitions', channel }, options)),
    approved: async (channel, name, options) => {
      const bytes = await unlessRefused(
        ask({ kind: 'QueryApprovedChaincodeDefinition', channel, name }, options),
        /could not fetch approved chaincode definition/,
      );
      return bytes && decodeResult.QueryApprovedChaincodeDefinition(bytes, name);
    },
  };
}

/** Sends a signed JoinChain. A peer that has the channel already is joined. Signed by an administrator of the peer's organisation. */
export async function sendJoin(
  { connections, node }: PeerLink,
  signed: peer.SignedProposal,
  options?: CallOptions,
): Promise<'joined' | 'already'> {
  try {
    await endorse(connections, node, signed, options);
    return 'joined';
  } catch (error) {
    if (error instanceof EndorseError && error.code === 'CHANNEL_EXISTS') return 'already';
    throw error;
  }
}

/** core/chaincode/lifecycle/lifecycle.go InstallChaincode */
const ALREADY_INSTALLED = /chaincode already successfully installed \(package ID '(?<packageId>(?<label>[^']+):[0-9a-f]{64})'\)/;

/** Sends a signed InstallChaincode. A peer that has the package already has it installed. Signed by an administrator of the peer's organisation. */
export async function sendInstall(
  { connections, node }: PeerLink,
  signed: peer.SignedProposal,
  options?: CallOptions,
): Promise<{ packageId: string; label: string }> {
  try {
    return decodeResult.InstallChaincode(resultOf(await endorse(connections, node, signed, { timeoutMs: 120_000, ...options })));
  } catch (error) {
    if (!(error instanceof EndorseError)) throw error;
    const { packageId, label } = ALREADY_INSTALLED.exec(error.message)?.groups ?? {};
    if (packageId !== undefined && label !== undefined) return { packageId, label };
    throw new LifecycleError(error.code, `Installing the contract's package failed: ${error.message}`, {
      nodes: error.nodes,
      cause: error,
    });
  }
}

/** Both halves of a join, for a signer at hand. */
export async function joinPeer(link: PeerLink, admin: Signer, block: Uint8Array, options?: CallOptions): Promise<'joined' | 'already'> {
  const { signed } = await signProposal({ kind: 'JoinChain', block }, admin, { nonce: randomNonce(), timestamp: new Date() });
  return sendJoin(link, signed, options);
}

/** Both halves of an install, for a signer at hand. */
export async function installPackage(
  link: PeerLink,
  admin: Signer,
  bytes: Uint8Array,
  options?: CallOptions,
): Promise<{ packageId: string; label: string }> {
  const { signed } = await signProposal({ kind: 'InstallChaincode', package: bytes }, admin, {
    nonce: randomNonce(),
    timestamp: new Date(),
  });
  return sendInstall(link, signed, options);
}

async function unlessRefused(asked: Promise<Uint8Array>, words: RegExp): Promise<Uint8Array | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof EndorseError && words.test(error.message)) return undefined;
    throw error;
  }
}
