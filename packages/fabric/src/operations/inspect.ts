import { FabricError } from '../errors.ts';
import { createParticipation, type ConsensusRelation, type ParticipationStatus } from '../participation/participation.ts';
import type { CallOptions, HttpEndpoint } from '../transport/endpoint.ts';
import type { Sample } from './metrics.ts';
import { createOperations } from './operations.ts';

const DEFAULT_TIMEOUT_MS = 2_000;

export interface InspectedChannel {
  readonly name: string;
  /** Number of blocks. */
  readonly height: number;
  /** Orderers only. */
  readonly relation?: ConsensusRelation;
  /** Orderers only. */
  readonly status?: ParticipationStatus;
  /** Orderers only: whether this node leads the channel. */
  readonly leader?: boolean;
}

/** What a node tells about itself through its own endpoints, without any signature. */
export interface Inspection {
  readonly healthy: boolean;
  /** unreachable: nothing listens there. silent: something listens and does not answer in time. answers: it does. */
  readonly contact: 'answers' | 'silent' | 'unreachable';
  /** Why it is not healthy; empty when it is. */
  readonly why: string;
  readonly version?: string;
  readonly channels: readonly InspectedChannel[];
}

/** Gauges that are 1 on the node that leads. */
export const leadershipMetrics = ['consensus_etcdraft_is_leader', 'consensus_BFT_is_leader'];
/** Number of blocks, by channel. */
export const heightMetric = 'ledger_blockchain_height';

/** Asks a peer; its metrics must be those of the Prometheus provider. Never rejects for what the node does. Default time limit 2 s per call. */
export function inspectPeer(operations: HttpEndpoint, options: CallOptions = {}): Promise<Inspection> {
  return inspectNode(operations, { names: [heightMetric], of: (samples) => Promise.resolve(peerChannels(samples)) }, options);
}

/** Asks an orderer: its operations endpoint for health and leadership, its admin endpoint for its part in each channel. */
export function inspectOrderer(
  endpoints: { operations: HttpEndpoint; admin: HttpEndpoint },
  options: CallOptions = {},
): Promise<Inspection> {
  const limits = withDefault(options);
  const of = async (samples: readonly Sample[]): Promise<readonly InspectedChannel[]> => {
    const participation = createParticipation(endpoints.admin);
    const names = await participation.list(limits);
    const infos = await Promise.all(names.map((name) => participation.info(name, limits)));
    // A channel may be removed between the two calls.
    return infos.filter((info) => info !== undefined).map((info) => ({ ...info, leader: isLeader(samples, info.name) }));
  };
  return inspectNode(endpoints.operations, { names: leadershipMetrics, of }, options);
}

/** How a node's channels are seen. */
export interface ChannelSource {
  /** Of the metrics that are needed for it. */
  readonly names: readonly string[];
  of(samples: readonly Sample[]): Promise<readonly InspectedChannel[]>;
}

/** Asks a node's operations endpoint. Never rejects for what the node does. One call after the other: while nobody listens, one is enough. Default time limit 2 s per call. */
export async function inspectNode(endpoint: HttpEndpoint, channels: ChannelSource, options: CallOptions = {}): Promise<Inspection> {
  const limits = withDefault(options);
  const operations = createOperations(endpoint);
  try {
    const health = await operations.health(limits).then(() => '', unhealthyReason);
    const samples = await operations.metrics({ ...limits, names: new Set([VERSION, ...channels.names]) });
    const seen = await channels.of(samples);
    const version = versionIn(samples);
    const why = [health, ...seen.flatMap(failedChannel)].filter((reason) => reason !== '').join('; ');
    return { healthy: why === '', contact: 'answers', why, ...(version === undefined ? {} : { version }), channels: seen };
  } catch (error) {
    if (!(error instanceof FabricError) || options.signal?.aborted) throw error;
    return { healthy: false, contact: contactOf(error), why: error.message, channels: [] };
  }
}

const VERSION = 'fabric_version';

/** `3.1.0`: what a node's metrics say of its version (core/operations/metrics.go); saves a call to /version. */
const versionIn = (samples: readonly Sample[]): string | undefined => samples.find(({ name }) => name === VERSION)?.labels['version']?.replace(/^v/, '');

const withDefault = (options: CallOptions): CallOptions => ({ timeoutMs: DEFAULT_TIMEOUT_MS, ...options });

function contactOf({ code }: FabricError): Inspection['contact'] {
  if (code === 'UNREACHABLE') return 'unreachable';
  return code === 'DEADLINE_EXCEEDED' ? 'silent' : 'answers';
}

function unhealthyReason(error: unknown): string {
  if (error instanceof FabricError && error.code === 'NODE_UNHEALTHY') return error.message;
  throw error;
}

function failedChannel({ name, status }: InspectedChannel): readonly string[] {
  return status === 'failed' ? [`channel ${name} has failed on this orderer; its log says why`] : [];
}

function peerChannels(samples: readonly Sample[]): readonly InspectedChannel[] {
  return samples.flatMap(({ name, labels, value }) =>
    name === heightMetric && labels['channel'] && Number.isSafeInteger(value) ? [{ name: labels['channel'], height: value }] : [],
  );
}

/** Whether its metrics say that this orderer leads the channel. */
export const isLeader = (samples: readonly Sample[], channel: string): boolean =>
  samples.some(({ name, labels, value }) => leadershipMetrics.includes(name) && labels['channel'] === channel && value === 1);
