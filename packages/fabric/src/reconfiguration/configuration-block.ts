import type { common } from '@hyperledger/fabric-protos';
import { configFromBlock, decodeBlock } from '../block/index.ts';
import { deliverFromOrderer } from '../deliver/index.ts';
import { query } from '../endorser/index.ts';
import { DecodeError, DeliverError, FabricError } from '../errors.ts';
import type { Signer } from '../identity/index.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** A channel's newest configuration, as one node has it. */
export interface CurrentConfiguration {
  /** common.Block: what an orderer joins with. */
  readonly block: Uint8Array;
  readonly number: number;
  readonly config: common.Config;
  /** Rises by one with every committed update; 0 in the genesis block. */
  readonly sequence: number;
}

/** Asks an orderer: its newest block names the newest configuration block. Default time limit 10 s for each of the two. */
export async function configurationFromOrderer(
  connections: Connections,
  orderer: NodeEndpoint,
  signer: Signer,
  channel: string,
  options?: CallOptions,
): Promise<CurrentConfiguration> {
  const newest = await oneBlock(connections, orderer, signer, channel, 'newest', options);
  const { number, lastConfigBlock } = decodeBlock(newest);
  return currentConfiguration(
    channel,
    number === lastConfigBlock ? newest : await oneBlock(connections, orderer, signer, channel, lastConfigBlock, options),
  );
}

/** Asks the first orderer that answers. */
export async function configurationFromOrderers(
  connections: Connections,
  orderers: readonly NodeEndpoint[],
  signer: Signer,
  channel: string,
  options?: CallOptions,
): Promise<CurrentConfiguration> {
  let last: FabricError | undefined;
  for (const orderer of orderers) {
    try {
      return await configurationFromOrderer(connections, orderer, signer, channel, options);
    } catch (error) {
      if (!(error instanceof FabricError) || options?.signal?.aborted) throw error;
      last = error;
    }
  }
  throw last ?? new DeliverError('DELIVER_INTERRUPTED', `Channel ${channel} has no orderer that is known.`, { channel });
}

/** Asks a peer, as it has committed it. */
export async function configurationFromPeer(
  connections: Connections,
  peer: NodeEndpoint,
  signer: Signer,
  channel: string,
  options?: CallOptions,
): Promise<CurrentConfiguration> {
  return currentConfiguration(channel, await query(connections, peer, signer, { kind: 'GetConfigBlock', channel }, options));
}

async function oneBlock(
  connections: Connections,
  orderer: NodeEndpoint,
  signer: Signer,
  channel: string,
  position: 'newest' | number,
  options?: CallOptions,
): Promise<Uint8Array> {
  const range = { channel, start: position, stop: position, whenMissing: 'fail' as const };
  for await (const { bytes } of deliverFromOrderer(connections, orderer, signer, range, { timeoutMs: DEFAULT_TIMEOUT_MS, ...options }))
    return bytes;
  throw new DeliverError('BLOCK_NOT_FOUND', `The orderer at ${orderer.address} gave no block of channel ${channel}.`, {
    channel,
    nodes: [{ address: orderer.address, message: 'no block' }],
  });
}

function currentConfiguration(channel: string, block: Uint8Array): CurrentConfiguration {
  const decoded = decodeBlock(block);
  const config = configFromBlock(decoded);
  if (decoded.channel !== channel)
    throw new DecodeError('INVALID_BLOCK', `The configuration of channel ${decoded.channel} was given for that of ${channel}.`, { channel });
  return { block, number: decoded.number, config, sequence: config.getSequence() };
}
