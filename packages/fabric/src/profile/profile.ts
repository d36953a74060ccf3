import type { Batch, BftOptions, Capabilities, RaftOptions } from '../configuration/index.ts';

/** Everything that decides how fast a ledger answers, and what that costs: what the channel agrees on, and the timers of nodes. */
export interface LedgerProfile {
  readonly batch: Batch;
  readonly raft: RaftOptions;
  readonly bft: BftOptions;
  readonly capabilities: Capabilities;
  /** Environment variables of every orderer and peer, besides what says who it is. */
  readonly nodes: { readonly orderer: Readonly<Record<string, string>>; readonly peer: Readonly<Record<string, string>> };
}

export type ProfileName = 'sandbox' | 'production';

/** Nodes from 3.0 on; V3_0 is needed for BFT and forbids orderers' addresses outside of the members' own. */
const CAPABILITIES: Capabilities = { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] };

/** Fabric's defaults (sampleconfig/configtx.yaml), but for the timeout. A gRPC message holds 100 MB, so a block may grow to 49 MB; 10 MB is ample. */
const BATCH = { maxMessageCount: 500, absoluteMaxBytes: 10 * 1024 * 1024, preferredMaxBytes: 2 * 1024 * 1024 };

/** Fabric's defaults (sampleconfig/configtx.yaml): a new leader within 5 to 10 s, a snapshot each 16 MiB. */
const RAFT: RaftOptions = {
  tickIntervalMs: 500,
  electionTick: 10,
  heartbeatTick: 1,
  maxInflightBlocks: 5,
  snapshotIntervalSize: 16 * 1024 * 1024,
};

/** Fabric's sample (sampleconfig/configtx.yaml, profile with SmartBFT). A dead leader is replaced after about 22 s (measured, 4 orderers). */
const BFT: BftOptions = {
  requestBatchMaxCount: 100,
  requestBatchMaxBytes: 10 * 1024 * 1024,
  requestBatchMaxIntervalMs: 200,
  incomingMessageBufferSize: 200,
  requestPoolSize: 100_000,
  requestForwardTimeoutMs: 5000,
  requestComplainTimeoutMs: 20_000,
  requestAutoRemoveTimeoutMs: 180_000,
  requestMaxBytes: 0,
  viewChangeResendIntervalMs: 5000,
  viewChangeTimeoutMs: 20_000,
  leaderHeartbeatTimeoutMs: 60_000,
  leaderHeartbeatCount: 10,
  collectTimeoutMs: 1000,
  syncOnStart: false,
  speedUpViewChange: false,
};

/** Orderers wait at most 1 s between dials of one that was away: it sees the leader after 0.3 to 1.1 s instead of 6 to 14 s. Costs one dial a second. */
const QUICK_RECONNECTION = { ORDERER_GENERAL_BACKOFF_MAXDELAY: '1s' };

/** Gossip collects messages for 100 ms instead of 10 ms: an idle peer takes 0.5 % of a core instead of 2 %. Blocks come from the orderers, so nothing waits for it. */
const CALM_GOSSIP = { CORE_PEER_GOSSIP_MAXPROPAGATIONBURSTLATENCY: '100ms' };

export const LEDGER_PROFILES: Readonly<Record<ProfileName, LedgerProfile>> = {
  /** One machine, for development and demonstration: fast answers; idle cost 5.1 % of a core for 3 orderers and 2 peers instead of 1.7 %. */
  sandbox: {
    // 50 ms instead of 2 s. With 200 ms bring-up of 3 orderers and 2 peers by Fabric's tools takes 1.85 s instead of 7.7 s and a submit 226 ms
    // instead of 2 s; what is left of that is three batches of a bring-up, one after the other, that nobody joins.
    batch: { ...BATCH, timeoutMs: 50 },
    // A tick of 100 ms instead of 500 ms: a leader 0.15 s after start, a new one 1.1 to 2 s after the old one is killed instead of 6.3 s.
    raft: { ...RAFT, tickIntervalMs: 100 },
    // A dead leader is replaced after 3.2 s instead of 22.2 s.
    bft: {
      ...BFT,
      requestForwardTimeoutMs: 1000,
      requestComplainTimeoutMs: 2000,
      leaderHeartbeatTimeoutMs: 3000,
      viewChangeTimeoutMs: 5000,
      viewChangeResendIntervalMs: 2000,
    },
    capabilities: CAPABILITIES,
    nodes: {
      // With the RPC timeout of 7 s clients see a gap of 8.3 s when the leader is killed, with 1 s one of 2.5 s.
      orderer: { ...QUICK_RECONNECTION, ORDERER_GENERAL_CLUSTER_RPCTIMEOUT: '1s' },
      // Peers of two members know one another 0.44 s after bring-up instead of 2 to 31 s; until then no transaction gets both their endorsements by discovery.
      peer: {
        ...CALM_GOSSIP,
        CORE_PEER_GOSSIP_RECONNECTINTERVAL: '1s',
        CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL: '500ms',
        CORE_PEER_GOSSIP_REQUESTSTATEINFOINTERVAL: '500ms',
        CORE_PEER_GOSSIP_ALIVETIMEINTERVAL: '1s',
      },
    },
  },
  /** Fabric's defaults, which bear slow and lossy networks between members; of the timers only those that cannot harm there. */
  production: {
    batch: { ...BATCH, timeoutMs: 2000 },
    raft: RAFT,
    bft: BFT,
    capabilities: CAPABILITIES,
    nodes: {
      // The cluster's RPC timeout stays at 7 s: a block of 10 MB may need more than 1 s on the way to another continent.
      orderer: QUICK_RECONNECTION,
      // Gossip's intervals stay: their traffic grows with the square of the peers.
      peer: CALM_GOSSIP,
    },
  },
};
