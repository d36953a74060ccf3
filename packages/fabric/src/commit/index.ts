export { type CommitStatus, type CommitWatcher, type CommitWatcherOptions, createCommitWatcher } from './commit-watcher.ts';
export { type LookUp, lookUpTransaction } from './look-up.ts';
export { type SignedTransaction, type Submission, requireValid, submit } from './submit.ts';
