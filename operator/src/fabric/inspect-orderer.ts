import { createOperations, FabricError, type HttpEndpoint, type Inspection, type InspectedChannel, type Sample, versionIn } from '@guildhall/fabric';

/** By value of the gauges participation_consensus_relation and participation_status (orderer/common/types/channelinfo.go). */
const relations = ['other', 'consenter', 'follower', 'config-tracker'] as const;
const statuses = ['inactive', 'active', 'onboarding', 'failed'] as const;
const leadership = new Set(['consensus_etcdraft_is_leader', 'consensus_BFT_is_leader']);

/**
 * An orderer asked by its operations endpoint alone. The admin endpoint tells the same by a TLS handshake for each call, which is
 * too dear for what is asked every few milliseconds while a network comes up.
 */
export async function inspectByMetrics(endpoint: HttpEndpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<Inspection> {
  const operations = createOperations(endpoint);
  try {
    const [health, samples] = await Promise.all([operations.health(options).then(() => '', unhealthy), operations.metrics(options)]);
    const version = versionIn(samples);
    const channels = channelsOf(samples);
    const failed = channels.filter(({ status }) => status === 'failed').map(({ name }) => `channel ${name} has failed on this orderer; its log says why`);
    const why = [health, ...failed].filter((reason) => reason !== '').join('; ');
    return { healthy: why === '', contact: 'answers', why, ...(version === undefined ? {} : { version }), channels };
  } catch (error) {
    if (!(error instanceof FabricError) || options.signal.aborted) throw error;
    const contact = error.code === 'UNREACHABLE' ? 'unreachable' : error.code === 'DEADLINE_EXCEEDED' ? 'silent' : 'answers';
    return { healthy: false, contact, why: error.message, channels: [] };
  }
}

function unhealthy(error: unknown): string {
  if (error instanceof FabricError && error.code === 'NODE_UNHEALTHY') return error.message;
  throw error;
}

function channelsOf(samples: readonly Sample[]): InspectedChannel[] {
  const valueOf = (metric: string, channel: string): number | undefined => samples.find(({ name, labels }) => name === metric && labels['channel'] === channel)?.value;
  const names = samples.flatMap(({ name, labels }) => (name === 'participation_status' && labels['channel'] !== undefined ? [labels['channel']] : []));
  return names.map((name) => {
    const relation = relations[valueOf('participation_consensus_relation', name) ?? -1];
    const status = statuses[valueOf('participation_status', name) ?? -1];
    return {
      name,
      height: valueOf('ledger_blockchain_height', name) ?? 0,
      leader: samples.some(({ name: metric, labels, value }) => leadership.has(metric) && labels['channel'] === name && value === 1),
      ...(relation === undefined ? {} : { relation }),
      ...(status === undefined ? {} : { status }),
    };
  });
}
