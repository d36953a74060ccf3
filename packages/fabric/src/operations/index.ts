export { type InspectedChannel, type Inspection, inspectOrderer, inspectPeer } from './inspect.ts';
export { type Sample, parseMetrics } from './metrics.ts';
export { type Operations, createOperations } from './operations.ts';
