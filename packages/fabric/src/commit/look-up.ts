import { decodeBlock } from '../block/index.ts';
import { query } from '../endorser/index.ts';
import { EndorseError, FabricError } from '../errors.ts';
import type { Signer } from '../identity/index.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';
import type { CommitStatus } from './commit-watcher.ts';

/** What peers know about a transaction by its id. */
export type LookUp =
  | { readonly found: true; readonly status: CommitStatus }
  /** `absentAt`: peers that have not committed it (yet). `silent`: peers that could not be asked. */
  | { readonly found: false; readonly absentAt: readonly NodeEndpoint[]; readonly silent: readonly FabricError[] };

/** Asks peers one after the other until one has committed the transaction. A peer may lag: absent at all is not proof that it never comes. */
export async function lookUpTransaction(
  connections: Connections,
  peers: readonly NodeEndpoint[],
  signer: Signer,
  channel: string,
  transactionId: string,
  options?: CallOptions,
): Promise<LookUp> {
  const absentAt: NodeEndpoint[] = [];
  const silent: FabricError[] = [];
  for (const node of peers) {
    try {
      const block = decodeBlock(await query(connections, node, signer, { kind: 'GetBlockByTxID', channel, transactionId }, options));
      // A copy of it may stand in a later block as DUPLICATE_TXID; the peer's index leads to the first.
      const transaction = block.transactions.find((candidate) => candidate.transactionId === transactionId);
      if (transaction)
        return {
          found: true,
          status: { transactionId, blockNumber: block.number, validationCode: transaction.validationCode, address: node.address },
        };
      absentAt.push(node);
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      if (error instanceof EndorseError && /no such transaction ID/.test(error.message)) absentAt.push(node);
      else silent.push(error);
    }
  }
  return { found: false, absentAt, silent };
}
