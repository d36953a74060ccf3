import { heightMetric, inspectNode, isLeader, leadershipMetrics, type CallOptions, type HttpEndpoint, type InspectedChannel, type Inspection, type Sample } from '@guildhall/fabric';

/** By value of the gauges participation_consensus_relation and participation_status (orderer/common/types/channelinfo.go). */
const relations = ['other', 'consenter', 'follower', 'config-tracker'] as const;
const statuses = ['inactive', 'active', 'onboarding', 'failed'] as const;
const names = ['participation_consensus_relation', 'participation_status', heightMetric, ...leadershipMetrics];

/**
 * An orderer asked by its operations endpoint alone. The admin endpoint tells the same by a TLS handshake for each call, which is
 * too dear for what is asked every few milliseconds while a network comes up.
 */
export const inspectByMetrics = (endpoint: HttpEndpoint, options: CallOptions): Promise<Inspection> => inspectNode(endpoint, { names, of: (samples) => Promise.resolve(channelsOf(samples)) }, options);

function channelsOf(samples: readonly Sample[]): InspectedChannel[] {
  const valueOf = (metric: string, channel: string): number | undefined => samples.find(({ name, labels }) => name === metric && labels['channel'] === channel)?.value;
  const channels = samples.flatMap(({ name, labels }) => (name === 'participation_status' && labels['channel'] !== undefined ? [labels['channel']] : []));
  return channels.map((name) => {
    const relation = relations[valueOf('participation_consensus_relation', name) ?? -1];
    const status = statuses[valueOf('participation_status', name) ?? -1];
    return {
      name,
      height: valueOf(heightMetric, name) ?? 0,
      leader: isLeader(samples, name),
      ...(relation === undefined ? {} : { relation }),
      ...(status === undefined ? {} : { status }),
    };
  });
}
