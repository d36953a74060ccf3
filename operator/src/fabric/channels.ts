import {
  CommitError, configurationFromPeer, createCommitWatcher, decodeBlock, decodeTransaction, endorseByAll, joinEnvelope, joinProposal, peerQueries, requireValid, submit,
  type Connections, type PeerQueries, type NodeEndpoint, type Signer,
} from '@guildhall/fabric';
import type { ChannelPort, Route, SubmittedBytes } from '../ports/fabric.ts';

/** peer.TxValidationCode: the same transaction is in an earlier block, whose word counts. */
const duplicate = 9;
const commitTimeoutMs = 15_000;

export function createChannelPort(connections: Connections): ChannelPort {
  const queries = (node: NodeEndpoint, reader: Signer): PeerQueries => peerQueries({ connections, node }, reader);

  /** Resolves when an earlier try brought the transaction onto the ledger as valid; false when it is not there. */
  async function isCommitted({ peer, reader }: Route, channel: string, transactionId: string, signal: AbortSignal): Promise<boolean> {
    const found = await queries(peer, reader).transaction(channel, transactionId, { signal });
    if (found === undefined) return false;
    requireValid({ transactionId, blockNumber: -1, validationCode: found.validationCode, address: peer.address }, channel);
    return true;
  }

  return {
    chainInfo: (peer, reader, channel, signal) => queries(peer, reader).chainInfo(channel, { signal }),
    async configuration(peer, reader, channel, signal) {
      const { block, number, sequence } = await configurationFromPeer(connections, peer, reader, channel, { signal });
      return { sequence, block: number, hash: decodeBlock(block).hash };
    },
    committed: (peer, reader, channel, contract, signal) => queries(peer, reader).definition(channel, contract, { signal }),
    readiness: (peer, reader, channel, definition, signal) => queries(peer, reader).readiness(channel, definition, { signal }),
    endorse: (endorsers, { bytes, signature }, signal) => endorseByAll({ connections, endorsers }, { bytes, signed: joinProposal(bytes, signature) }, { signal }),

    async submit(route: Route, { bytes, signature, fresh = false }: SubmittedBytes, signal: AbortSignal) {
      const { transactionId, call } = decodeTransaction(bytes);
      const channel = 'channel' in call ? call.channel : '';
      // It connects while the peer is asked.
      const watcher = createCommitWatcher({ connections, peers: [route.peer], channel, signer: () => route.reader });
      try {
        if (!fresh && (await isCommitted(route, channel, transactionId, signal))) return;
        const orderers = { ordering: 'raft' as const, nodes: route.orderers };
        await submit({ connections, orderers, watcher }, { envelope: joinEnvelope(bytes, signature), transactionId, channel }, { signal, timeoutMs: commitTimeoutMs });
      } catch (error) {
        if (!(error instanceof CommitError && error.validationCode === duplicate)) throw error;
        await isCommitted(route, channel, transactionId, signal);
      } finally {
        watcher.close();
      }
    },
  };
}
