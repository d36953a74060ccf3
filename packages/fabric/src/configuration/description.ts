import type { MspDescription } from '../msp/index.ts';
import type { Policy } from '../policy/index.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** An orderer that takes part in Raft. Certificates are PEM, usually the same for both directions. */
export interface RaftConsenter extends Address {
  readonly clientTlsCertificate: string;
  readonly serverTlsCertificate: string;
}

/** An orderer that takes part in BFT: also known by its number (from 1) and its enrollment certificate. */
export interface BftConsenter extends RaftConsenter {
  readonly id: number;
  readonly mspId: string;
  readonly identity: string;
}

/** orderer/etcdraft Options; durations in milliseconds, sizes in bytes. An election takes between one and two times electionTick x tickIntervalMs. */
export interface RaftOptions {
  readonly tickIntervalMs: number;
  readonly electionTick: number;
  readonly heartbeatTick: number;
  readonly maxInflightBlocks: number;
  readonly snapshotIntervalSize: number;
}

/** orderer/smartbft Options; durations in milliseconds, sizes in bytes. */
export interface BftOptions {
  readonly requestBatchMaxCount: number;
  readonly requestBatchMaxBytes: number;
  readonly requestBatchMaxIntervalMs: number;
  readonly incomingMessageBufferSize: number;
  readonly requestPoolSize: number;
  readonly requestForwardTimeoutMs: number;
  readonly requestComplainTimeoutMs: number;
  readonly requestAutoRemoveTimeoutMs: number;
  /** 0 means the same as requestBatchMaxBytes. */
  readonly requestMaxBytes: number;
  readonly viewChangeResendIntervalMs: number;
  readonly viewChangeTimeoutMs: number;
  readonly leaderHeartbeatTimeoutMs: number;
  readonly leaderHeartbeatCount: number;
  readonly collectTimeoutMs: number;
  readonly syncOnStart: boolean;
  readonly speedUpViewChange: boolean;
}

export type Ordering =
  | { readonly type: 'raft'; readonly consenters: readonly RaftConsenter[]; readonly options: RaftOptions }
  | { readonly type: 'bft'; readonly consenters: readonly BftConsenter[]; readonly options: BftOptions };

/** When a block is cut: at so many messages, at so many bytes, or after so long. `absoluteMaxBytes` is the largest block there can be. */
export interface Batch {
  readonly maxMessageCount: number;
  readonly absoluteMaxBytes: number;
  readonly preferredMaxBytes: number;
  readonly timeoutMs: number;
}

export type Policies = Readonly<Record<string, Policy>>;

interface Organization {
  /** Its name in the configuration; Guildhall uses the MSP id. */
  readonly name: string;
  readonly msp: MspDescription;
  /** Left out: Fabric's customary policies by role. */
  readonly policies?: Policies;
}

export interface OrdererOrganization extends Organization {
  readonly endpoints: readonly Address[];
}

export interface ApplicationOrganization extends Organization {
  readonly anchorPeers: readonly Address[];
}

/** Which abilities nodes must have, by group ("V3_0", "V2_0", "V2_5"); a node that lacks one stops. */
export interface Capabilities {
  readonly channel: readonly string[];
  readonly orderer: readonly string[];
  readonly application: readonly string[];
}

/** All of a channel's configuration. Orders of lists are kept as given; names of groups, values and policies have no order. */
export interface ChannelConfiguration {
  readonly channel: string;
  readonly ordering: Ordering;
  readonly batch: Batch;
  readonly capabilities: Capabilities;
  readonly ordererOrganizations: readonly OrdererOrganization[];
  readonly applicationOrganizations: readonly ApplicationOrganization[];
  /** Left out: Fabric's customary policies. Under BFT the orderers' BlockValidation is computed from the consenters. */
  readonly policies?: { readonly channel?: Policies; readonly orderer?: Policies; readonly application?: Policies };
  /** Resource (as "qscc/GetBlockByNumber") to the policy's path. */
  readonly acls?: Readonly<Record<string, string>>;
}
