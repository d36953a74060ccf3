export { type Orderers, broadcast } from './broadcast.ts';
export { bearableFaults, bftQuorum } from './quorum.ts';
