import type { Batch, RaftOptions } from '@guildhall/fabric';
import type { Channel, Consortium } from '@guildhall/resources';

export type LedgerProfile = Consortium['spec']['profile'];

interface LedgerSettings {
  readonly batch: Batch;
  readonly raft: RaftOptions;
}

const raft = { electionTick: 10, heartbeatTick: 1, maxInflightBlocks: 5, snapshotIntervalSize: 16 * 1024 * 1024 };
const blockSize = { maxMessageCount: 500, absoluteMaxBytes: 10 * 1024 * 1024, preferredMaxBytes: 2 * 1024 * 1024 };

/** production: what Fabric's sampleconfig/configtx.yaml says. sandbox: the same with timers for trials on one machine. */
const settingsOf: Readonly<Record<LedgerProfile, LedgerSettings>> = {
  production: { batch: { ...blockSize, timeoutMs: 2000 }, raft: { ...raft, tickIntervalMs: 500 } },
  sandbox: { batch: { ...blockSize, timeoutMs: 50 }, raft: { ...raft, tickIntervalMs: 100 } },
};

/** The profile's settings, but for what the channel sets itself. */
export function ledgerSettings(profile: LedgerProfile, { batch = {}, tickMs }: Channel['spec']['ordering']): LedgerSettings {
  const defaults = settingsOf[profile];
  const absoluteMaxBytes = batch.absoluteMaxBytes ?? defaults.batch.absoluteMaxBytes;
  return {
    batch: {
      maxMessageCount: batch.maxMessages ?? defaults.batch.maxMessageCount,
      absoluteMaxBytes,
      // A channel that lowers only the limit means no block to be larger, preferred or not.
      preferredMaxBytes: batch.preferredMaxBytes ?? Math.min(defaults.batch.preferredMaxBytes, absoluteMaxBytes),
      timeoutMs: batch.timeoutMs ?? defaults.batch.timeoutMs,
    },
    raft: { ...defaults.raft, tickIntervalMs: tickMs ?? defaults.raft.tickIntervalMs },
  };
}
