export { type Connections, type DuplexCall, createConnections } from './connections.ts';
export type { CallOptions, ClientCertificate, HttpEndpoint, NodeEndpoint } from './endpoint.ts';
export { type LinkedSignal, linkSignals } from './link-signals.ts';
export { preflight, type Preflight, type PreflightTarget } from './preflight.ts';
