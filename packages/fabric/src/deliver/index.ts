export { type CommitStatus, type CommitWatcher, type CommitWatcherOptions, createCommitWatcher } from './commit-watcher.ts';
export { type DeliveredBlock, type FilteredBlock, type FilteredTransaction, deliverFiltered, deliverFromOrderer, deliverFromPeer } from './deliver.ts';
