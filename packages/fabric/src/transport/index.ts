export { type Connections, type DuplexCall, createConnections } from './connections.ts';
export type { CallOptions, ClientCertificate, HttpEndpoint, NodeEndpoint } from './endpoint.ts';
