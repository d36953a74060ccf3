export { connectionFiles, type ConnectionFiles } from './connection-files.ts';
export type { ConnectedMember, Connection, ReachableNode } from './description.ts';
