import { peerQueries, type Connections, type NodeEndpoint, type Signer } from '@guildhall/fabric';
import { sleep, type Clock } from '@guildhall/kubernetes';

const POLL_MS = 25;

/**
 * The height that this gateway has told of for each channel. Members' peers commit a block at slightly different moments: whoever was told of a commit and
 * then reads or writes as another member must not be answered from before it.
 */
export interface Heights {
  /** Block `blockNumber` was seen committed. */
  saw(channelKey: string, blockNumber: number): void;
  /** Whether the peer has everything that was told of; asks the peer only when that is not known. */
  hasAll(channelKey: string, channel: string, peer: NodeEndpoint, signer: Signer, signal: AbortSignal): Promise<boolean>;
  /** Waits for that, at most `patienceMs`. */
  caughtUp(channelKey: string, channel: string, peer: NodeEndpoint, signer: Signer, signal: AbortSignal, patienceMs: number): Promise<boolean>;
}

export function createHeights({ connections, clock }: { connections: Connections; clock: Clock }): Heights {
  const told = new Map<string, number>();
  const reached = new Map<string, number>();

  const hasAll: Heights['hasAll'] = async (channelKey, channel, peer, signer, signal) => {
    const needed = told.get(channelKey) ?? 0;
    const peerKey = `${channelKey} ${peer.address}`;
    if ((reached.get(peerKey) ?? 0) >= needed) return true;
    const { height } = await peerQueries({ connections, node: peer }, signer).chainInfo(channel, { signal });
    reached.set(peerKey, height);
    return height >= needed;
  };

  return {
    saw(channelKey, blockNumber) {
      told.set(channelKey, Math.max(told.get(channelKey) ?? 0, blockNumber + 1));
    },
    hasAll,
    async caughtUp(channelKey, channel, peer, signer, signal, patienceMs) {
      const deadline = clock.monotonic() + patienceMs;
      while (!signal.aborted) {
        if (await hasAll(channelKey, channel, peer, signer, signal)) return true;
        if (clock.monotonic() >= deadline) return false;
        await sleep(clock, POLL_MS, signal);
      }
      return false;
    },
  };
}
