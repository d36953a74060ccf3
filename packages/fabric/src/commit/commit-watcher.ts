import { setTimeout as sleep } from 'node:timers/promises';
import { CommitStatusError, FabricError } from '../errors.ts';
import type { Signer } from '../identity/index.ts';
import type { Connections, NodeEndpoint } from '../transport/index.ts';
import { deliverFiltered, type FilteredBlock } from '../deliver/index.ts';

/** What became of a transaction, as one peer committed it. */
export interface CommitStatus {
  readonly transactionId: string;
  readonly blockNumber: number;
  /** peer.TxValidationCode; 0 is VALID. */
  readonly validationCode: number;
  /** The peer that said so. */
  readonly address: string;
}

/** Waits for the commit of transactions on one channel over one stream of blocks, shared by all who wait. */
export interface CommitWatcher {
  /** Resolves when a peer streams: a transaction handed to the orderers after this is not missed. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves with the status. When the signal aborts first, rejects with COMMIT_UNKNOWN, whose message says what the stream's last trouble was.
   * Ask before handing the transaction to the orderers.
   */
  statusOf(transactionId: string, signal: AbortSignal): Promise<CommitStatus>;
  close(): void;
}

export interface CommitWatcherOptions {
  readonly connections: Connections;
  /** Peers of the channel, the preferred one first; the next is tried when a stream breaks. */
  readonly peers: readonly NodeEndpoint[];
  readonly channel: string;
  /** Asked anew for each stream, since peers end a stream when the certificate that opened it expires. */
  readonly signer: () => Signer | Promise<Signer>;
  /** Pause before a stream is opened again. Default 200 ms. */
  readonly retryMs?: number;
}

export function createCommitWatcher({ connections, peers, channel, signer, retryMs = 200 }: CommitWatcherOptions): CommitWatcher {
  const stop = new AbortController();
  const waiting = new Map<string, (status: CommitStatus) => void>();
  const live = Promise.withResolvers<void>();
  let next: number | undefined;
  let trouble: FabricError | undefined;

  const tell = (node: NodeEndpoint, block: FilteredBlock): void => {
    for (const { transactionId, validationCode } of block.transactions) {
      waiting.get(transactionId)?.({ transactionId, blockNumber: block.number, validationCode, address: node.address });
    }
  };
  const follow = async (node: NodeEndpoint): Promise<void> => {
    const range = { channel, start: next ?? ('newest' as const), whenMissing: 'wait' as const };
    for await (const block of deliverFiltered(connections, node, await signer(), range, { signal: stop.signal })) {
      next = block.number + 1;
      trouble = undefined;
      live.resolve();
      tell(node, block);
    }
  };
  const run = async (): Promise<void> => {
    for (let turn = 0; !stop.signal.aborted; turn++) {
      const node = peers[turn % peers.length];
      if (!node) throw new CommitStatusError('COMMIT_UNKNOWN', `No peer of channel ${channel} is known.`, { channel });
      await follow(node).catch((error: unknown) => {
        if (!(error instanceof FabricError)) throw error;
        trouble = error;
      });
      if (!stop.signal.aborted) await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const failed = run();
  failed.catch(() => undefined); // Everyone who waits gets it below; nobody may be waiting now.

  const orGivenUp = async <T>(waited: Promise<T>, signal: AbortSignal | undefined, transactionId?: string): Promise<T> => {
    const unknown = (why: string): CommitStatusError =>
      new CommitStatusError('COMMIT_UNKNOWN', `${transactionId === undefined ? `Channel ${channel} is not watched` : `The fate of transaction ${transactionId} is not known`}: ${why}`, {
        channel,
        ...(transactionId === undefined ? {} : { transactionId }),
        nodes: trouble?.nodes ?? [],
        cause: trouble,
      });
    const given = Promise.withResolvers<never>();
    const giveUp = (): void => given.reject(unknown(trouble?.message ?? 'no peer has told of it in time.'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await Promise.race([waited, given.promise, failed.then(() => Promise.reject(unknown('the watcher was closed.')))]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  };

  return {
    ready: (signal) => orGivenUp(live.promise, signal),
    async statusOf(transactionId, signal) {
      const { promise, resolve } = Promise.withResolvers<CommitStatus>();
      waiting.set(transactionId, resolve);
      try {
        return await orGivenUp(promise, signal, transactionId);
      } finally {
        waiting.delete(transactionId);
      }
    },
    close: () => stop.abort(),
  };
}
