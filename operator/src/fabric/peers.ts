import { inspectPeer, joinProposal, sendInstall, sendJoin, type Connections } from '@guildhall/fabric';
import type { PeerPort } from '../ports/fabric.ts';

export function createPeerPort(connections: Connections): PeerPort {
  return {
    inspect: (operations, options) => inspectPeer(operations, options),
    async join(node, { bytes, signature }, signal) {
      await sendJoin({ connections, node }, joinProposal(bytes, signature), { signal });
    },
    async install(node, { bytes, signature }, signal) {
      return (await sendInstall({ connections, node }, joinProposal(bytes, signature), { signal })).packageId;
    },
  };
}
