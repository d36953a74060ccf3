export * from './cluster.ts';
export { createCluster, createInMemoryCluster, noWorkloads, type ClusterOptions } from './create-cluster.ts';
export { createStore } from './store/create-store.ts';
export { createPostgresJournal, type PostgresJournalOptions } from './store/journal.ts';
export { createSealer, type Sealer } from './store/seal.ts';
export { JournalForked, StoreUnavailable, type Journal, type Snapshot, type Store } from './store/store.ts';
