import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as sleep } from 'node:timers/promises';
import { broadcast, type Orderers } from '../broadcast/index.ts';
import { CommitStatusError, FabricError } from '../errors.ts';
import type { Signer } from '../identity/index.ts';
import { linkSignals, type CallOptions, type Connections } from '../transport/index.ts';
import { configurationFromOrderers, type CurrentConfiguration } from './configuration-block.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export interface ConfigurationUpdate {
  readonly channel: string;
  /** CONFIG_UPDATE, signed by enough members and by the submitter. */
  readonly envelope: common.Envelope;
  /** The sequence that it was computed from. */
  readonly sequence: number;
}

/**
 * Hands a configuration update to the orderers and waits until the channel's sequence has risen. Accepted is not committed, and another update may have
 * won: compare what comes back with what was wanted. Default time limit 30 s for the whole.
 *
 * @throws {SubmitError} CONFIG_CONFLICT when the configuration has changed since it was read
 * @throws {CommitStatusError} COMMIT_UNKNOWN when the sequence has not risen in time
 */
export async function submitConfigurationUpdate(
  connections: Connections,
  orderers: Orderers,
  signer: Signer,
  update: ConfigurationUpdate,
  options: CallOptions = {},
): Promise<CurrentConfiguration> {
  const { channel, envelope, sequence } = update;
  const { signal, release } = linkSignals([options.signal], options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let trouble: FabricError | undefined;
  try {
    await broadcast(connections, orderers, envelope, { signal });
    while (!signal.aborted) {
      try {
        const current = await configurationFromOrderers(connections, orderers.nodes, signer, channel, { signal });
        if (current.sequence > sequence) return current;
        trouble = undefined;
      } catch (error) {
        if (!(error instanceof FabricError)) throw error;
        trouble = error; // Tried again until the deadline.
      }
      await sleep(POLL_MS);
    }
  } finally {
    release();
  }
  const why = trouble === undefined ? `it is still at sequence ${sequence}.` : trouble.message;
  throw new CommitStatusError('COMMIT_UNKNOWN', `Whether the configuration of channel ${channel} was updated is not known: ${why}`, {
    channel,
    nodes: trouble?.nodes ?? [],
    cause: trouble,
    nextAction: 'Read the newest configuration before submitting the update again.',
  });
}
