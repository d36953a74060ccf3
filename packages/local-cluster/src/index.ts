export * from './cluster.ts';
export { createCluster, createInMemoryCluster, noWorkloads } from './create-cluster.ts';
export { createStore } from './store/create-store.ts';
export { createPostgresJournal } from './store/journal.ts';
export { createSealer } from './store/seal.ts';
export type { Store } from './store/store.ts';
