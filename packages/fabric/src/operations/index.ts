export { type InspectedChannel, type Inspection, inspectOrderer, inspectPeer, versionIn } from './inspect.ts';
export { type Sample, parseMetrics } from './metrics.ts';
export { type Operations, createOperations } from './operations.ts';
