import type { Consortium, Node } from '@guildhall/resources';
import type { Findings } from '../cluster/status.ts';
import type { Heights } from '../monitor/heights.ts';
import { certificateStatus } from './certificates.ts';
import type { NodeObserved } from './decide.ts';
import { externalEndpoint } from './outside/outside.ts';
import { channelKey } from './observe.ts';

type NodeStatus = NonNullable<Node['status']>;

export function nodeFindings(observed: NodeObserved, consortium: Consortium, heights: Heights): Findings<NodeStatus> {
  const { addresses, certificates, health, inspection, pod, podStatus, node } = observed;
  const channels = inspection?.contact === 'answers' ? inspection.channels : undefined;
  return {
    endpoint: addresses?.endpoint,
    externalEndpoint: externalEndpoint(observed.outside),
    adminEndpoint: addresses?.adminEndpoint,
    operationsEndpoint: addresses?.operationsEndpoint,
    certificates: (['identity', 'tls'] as const).flatMap((use) => {
      const { certificate } = certificates[use];
      return certificate === undefined ? [] : [certificateStatus(use, certificate)];
    }),
    // What a node that does not answer said last is still the best that is known; its health says that it is old.
    channels: channels?.map(({ name, height, relation, status, leader }) => ({
      name,
      height,
      lag: Math.max(0, heights.highest(channelKey(consortium, name)) - height),
      ...(relation === undefined ? {} : { relation }),
      ...(status === undefined ? {} : { status }),
      ...(leader === undefined ? {} : { leader }),
    })) ?? node.status?.channels,
    health,
    version: inspection?.version ?? node.status?.version,
    pod: podStatus,
    restarts: pod.kind === 'running' || pod.kind === 'ended' ? pod.restarts : node.status?.restarts,
  };
}

/**
 * What channels, members and people wait for; heights and words may come a moment later. A first block needs a peer's address, and an
 * orderer's together with its certificates.
 */
export const nodeEssence =
  ({ spec: { role } }: Pick<Node, 'spec'>) =>
  ({ endpoint, certificates = [], health, channels, restarts }: NodeStatus): unknown => [
    ...(role === 'orderer' && certificates.length < 2 ? [] : [endpoint]),
    ...(certificates.length < 2 ? [] : certificates.map(({ sha256 }) => sha256)),
    health?.state,
    channels?.map(({ name, relation, status, leader }) => [name, relation, status, leader]),
    restarts,
  ];
