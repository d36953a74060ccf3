export { type Orderers, type Ordering, broadcast } from './broadcast.ts';
export { bearableFaults, bftQuorum } from './quorum.ts';
