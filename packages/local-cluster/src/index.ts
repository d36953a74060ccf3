export * from './cluster.ts';
export { createCluster, createInMemoryCluster, noWorkloads, type ClusterOptions } from './create-cluster.ts';
export { createStore } from './store/create-store.ts';
export { JournalForked, StoreUnavailable, type Journal, type Snapshot, type Store } from './store/store.ts';
