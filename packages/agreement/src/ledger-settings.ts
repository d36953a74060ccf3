import { LEDGER_PROFILES, type Batch, type RaftOptions } from '@guildhall/fabric';
import type { Channel, Consortium } from '@guildhall/resources';

export type LedgerProfile = Consortium['spec']['profile'];

interface LedgerSettings {
  readonly batch: Batch;
  readonly raft: RaftOptions;
}

/** The profile's settings, but for what the channel sets itself. */
export function ledgerSettings(profile: LedgerProfile, { batch = {}, tickMs }: Channel['spec']['ordering']): LedgerSettings {
  const defaults = LEDGER_PROFILES[profile];
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
