export {
  type ChannelSource,
  heightMetric,
  type InspectedChannel,
  type Inspection,
  inspectNode,
  inspectOrderer,
  inspectPeer,
  isLeader,
  leadershipMetrics,
} from './inspect.ts';
export { type Sample, parseMetrics } from './metrics.ts';
export { type Operations, createOperations } from './operations.ts';
