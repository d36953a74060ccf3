import type {
  CommitReadiness, CommittedDefinition, ContractDefinition, HttpEndpoint, Inspection, NodeEndpoint, Preflight, PreflightTarget, Signer, UnsignedTransaction,
} from '@guildhall/fabric';

/** Bytes that somebody else signed: both halves of a proposal or of a transaction. */
export interface SignedBytes {
  bytes: Uint8Array;
  signature: Uint8Array;
}

export interface SubmittedBytes extends SignedBytes {
  /** Nobody can have handed it in before: the peer need not be asked first what became of it. */
  fresh?: boolean;
}

export interface Route {
  /** Tried in this order. */
  orderers: readonly NodeEndpoint[];
  /** Whose word on the commit counts. */
  peer: NodeEndpoint;
  /** Reads at that peer. */
  reader: Signer;
}

/** What controllers ask of an orderer, at its operations and its admin endpoint. Calls reject with a FabricError. */
export interface OrdererPort {
  /** Never rejects for what the node does; only when the signal is aborted. */
  inspect(operations: HttpEndpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<Inspection>;
  /** An orderer that is in the channel already has joined. */
  join(admin: HttpEndpoint, block: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Deletes the channel's ledger on this orderer; one that is not in the channel has left it. */
  leave(admin: HttpEndpoint, channel: string, signal: AbortSignal): Promise<void>;
}

/** What controllers ask of a peer about itself. */
export interface PeerPort {
  inspect(operations: HttpEndpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<Inspection>;
  /** `proposal`: a JoinChain signed by the member's administrator. A peer that is in the channel already has joined. */
  join(peer: NodeEndpoint, proposal: SignedBytes, signal: AbortSignal): Promise<void>;
  /** `proposal`: an InstallChaincode signed by the member's administrator. Gives the package id. */
  install(peer: NodeEndpoint, proposal: SignedBytes, signal: AbortSignal): Promise<string>;
}

/** The configuration that holds now. */
export interface ChannelState {
  /** How many updates it has had; 0 is the first block's. */
  sequence: number;
  /** Number and hash of the block that it is in. */
  block: number;
  hash: Uint8Array;
}

/** What controllers ask of a channel, at one peer. */
export interface ChannelPort {
  chainInfo(peer: NodeEndpoint, reader: Signer, channel: string, signal: AbortSignal): Promise<{ height: number; currentBlockHash: Uint8Array }>;
  configuration(peer: NodeEndpoint, reader: Signer, channel: string, signal: AbortSignal): Promise<ChannelState>;
  /** Undefined when nothing is committed under this name. */
  committed(peer: NodeEndpoint, reader: Signer, channel: string, contract: string, signal: AbortSignal): Promise<CommittedDefinition | undefined>;
  readiness(peer: NodeEndpoint, reader: Signer, channel: string, definition: ContractDefinition, signal: AbortSignal): Promise<CommitReadiness>;
  /** Asks all of them; they must agree. */
  endorse(peers: readonly NodeEndpoint[], proposal: SignedBytes, signal: AbortSignal): Promise<UnsignedTransaction>;
  /**
   * Resolves when the transaction is committed as valid, rejects with a CommitError when it is not valid. Handing in the same
   * transaction again, also after a crash, gives what became of it the first time.
   */
  submit(route: Route, transaction: SubmittedBytes, signal: AbortSignal): Promise<void>;
}

/** What a contract's instance shows of itself. */
export interface InstanceInspection {
  healthy: boolean;
  /** Why not, in words. */
  why: string;
  /** Something listens there and does not answer in time. */
  silent: boolean;
}

/** A contract's running instance. */
export interface InstancePort {
  /** Whether it runs the code of this digest and serves this package id. */
  inspect(healthUrl: string, expected: { artifactDigest: string; packageId: string }, options: { timeoutMs: number; signal: AbortSignal }): Promise<InstanceInspection>;
  /** Whether a server of gRPC answers there, with a certificate that these roots vouch for. */
  greet(server: NodeEndpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<InstanceInspection>;
}

/** The way to a node from outside. */
export interface WayPort {
  /** Goes it, and says at which hop it ends. Rejects only when the signal is aborted. */
  preflight(target: PreflightTarget, options: { timeoutMs: number; signal: AbortSignal }): Promise<Preflight>;
}

export interface FabricPorts {
  orderers: OrdererPort;
  peers: PeerPort;
  channels: ChannelPort;
  instances: InstancePort;
  ways: WayPort;
}
