import { setTimeout as sleep } from 'node:timers/promises';
import { CommitStatusError, DeliverError, FabricError } from '../errors.ts';
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
  /** Some peer has this block. A stream that has not come so far by now hangs, and is opened anew at the next peer. */
  overtaken(blockNumber: number): void;
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
  /** How long a peer may take for the first block, which it has: a peer that takes longer hangs or is far behind. Default 5 s. */
  readonly patienceMs?: number;
}

interface Waiter {
  /** Undefined: waits for a live stream only. */
  readonly transactionId: string | undefined;
  readonly settle: (status: CommitStatus | undefined) => void;
  readonly fail: (error: CommitStatusError) => void;
}

export function createCommitWatcher(options: CommitWatcherOptions): CommitWatcher {
  const { connections, peers, channel, signer, retryMs = 200, patienceMs = 5_000 } = options;
  const stop = new AbortController();
  const waiters = new Set<Waiter>();
  let next: number | undefined;
  let trouble: Error | undefined;
  /** Ends the stream that is open, with what is wrong with it. */
  let giveUpStream: (why: string) => void = () => undefined;

  const tell = (node: NodeEndpoint, block: FilteredBlock): void => {
    // A block may hold a second copy of a transaction, as DUPLICATE_TXID: the first one counts.
    const codes = new Map(block.transactions.toReversed().map(({ transactionId, validationCode }) => [transactionId, validationCode]));
    for (const { transactionId, settle } of waiters) {
      if (transactionId === undefined) settle(undefined);
      const validationCode = codes.get(transactionId ?? '');
      if (transactionId !== undefined && validationCode !== undefined)
        settle({ transactionId, blockNumber: block.number, validationCode, address: node.address });
    }
  };
  const follow = async (node: NodeEndpoint): Promise<void> => {
    const identity = await signer();
    const hangs = new AbortController();
    giveUpStream = (why) => hangs.abort(interrupted(node, why));
    const patience = setTimeout(() => giveUpStream(`it gave no block within ${patienceMs / 1000} s`), patienceMs);
    // From the last block on, not the next: every peer that is not behind has it and gives it at once.
    const range = { channel, start: next === undefined ? ('newest' as const) : next - 1, whenMissing: 'wait' as const };
    const signal = AbortSignal.any([stop.signal, hangs.signal]);
    try {
      for await (const block of deliverFiltered(connections, node, identity, range, { signal })) {
        clearTimeout(patience);
        next = block.number + 1;
        trouble = undefined;
        tell(node, block);
      }
    } catch (error) {
      throw hangs.signal.aborted ? hangs.signal.reason : error;
    } finally {
      clearTimeout(patience);
    }
  };
  const interrupted = ({ address, mspId }: NodeEndpoint, why: string): DeliverError =>
    new DeliverError('DELIVER_INTERRUPTED', `The stream of blocks of channel ${channel} from ${address} hangs: ${why}.`, {
      channel,
      nodes: [{ address, message: why, ...(mspId === undefined ? {} : { mspId }) }],
    });
  const run = async (): Promise<void> => {
    for (let turn = 0; !stop.signal.aborted; turn++) {
      const node = peers[turn % peers.length];
      if (!node) throw new CommitStatusError('COMMIT_UNKNOWN', `No peer of channel ${channel} is known.`, { channel });
      // Whatever it was, also that the signer could not be had: who waits learns of it, and the stream is opened again.
      await follow(node).catch((error: unknown) => (trouble = error instanceof Error ? error : new Error(String(error))));
      await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => undefined); // Ended early by close().
    }
  };
  const unknown = (transactionId: string | undefined, why: string, cause: unknown): CommitStatusError =>
    new CommitStatusError(
      'COMMIT_UNKNOWN',
      `${transactionId === undefined ? `Channel ${channel} is not watched` : `The fate of transaction ${transactionId} is not known`}: ${why}`,
      {
        channel,
        ...(transactionId === undefined ? {} : { transactionId }),
        nodes: trouble instanceof FabricError ? trouble.nodes : [],
        cause,
      },
    );
  let ended: CommitStatusError | undefined;
  const end = (why: string, cause?: unknown): void => {
    ended = unknown(undefined, why, cause);
    for (const { transactionId, fail } of waiters) fail(unknown(transactionId, why, cause));
  };
  run().then(
    () => end('the watcher was closed.'),
    (error: unknown) => end(error instanceof Error ? error.message : String(error), error),
  );

  const wait = async (transactionId: string | undefined, signal: AbortSignal | undefined): Promise<CommitStatus | undefined> => {
    if (ended) throw ended;
    const { promise, resolve, reject } = Promise.withResolvers<CommitStatus | undefined>();
    const waiter: Waiter = { transactionId, settle: resolve, fail: reject };
    const giveUp = (): void => reject(unknown(transactionId, trouble?.message ?? 'no peer has told of it in time.', trouble));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    waiters.add(waiter);
    try {
      return await promise;
    } finally {
      waiters.delete(waiter);
      signal?.removeEventListener('abort', giveUp);
    }
  };

  return {
    async ready(signal) {
      if (next === undefined) await wait(undefined, signal);
    },
    async statusOf(transactionId, signal) {
      const status = await wait(transactionId, signal);
      if (!status) throw unknown(transactionId, 'the watcher gave no status.', undefined);
      return status;
    },
    overtaken(blockNumber) {
      if ((next ?? 0) <= blockNumber) giveUpStream(`another peer has block ${blockNumber}, and it does not come`);
    },
    close: () => stop.abort(),
  };
}
