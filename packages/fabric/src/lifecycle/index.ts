export { type PeerLink, type PeerQueries, installPackage, joinPeer, peerQueries, sendInstall, sendJoin } from './peer-calls.ts';
export { type Committed, type TransactionRoute, approveDefinition, commitDefinition, endorseByAll, transact } from './transact.ts';
