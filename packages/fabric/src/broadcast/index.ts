export { type Orderers, broadcast } from './broadcast.ts';
export { bftQuorum } from './quorum.ts';
