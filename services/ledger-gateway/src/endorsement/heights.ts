import { peerQueries, type Connections, type NodeEndpoint, type Signer } from '@guildhall/fabric';
import { sleep, type Clock } from '@guildhall/kubernetes';
import type { ChannelView } from '../directory/channel-view.ts';

const POLL_MS = 25;
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * The height that this gateway has told of for each channel. Members' peers commit a block at slightly different moments: whoever was told of a commit and
 * then reads or writes as another member must not be answered from before it.
 */
export interface Heights {
  /** Block `blockNumber` was seen committed. */
  saw(view: Pick<ChannelView, 'key'>, blockNumber: number): void;
  /** Whether the peer has everything that was told of; asks the peer only when that is not known. */
  hasAll(view: Pick<ChannelView, 'key' | 'channel'>, peer: NodeEndpoint, signer: Signer, signal: AbortSignal): Promise<boolean>;
  /** Waits for that, at most `patienceMs`. */
  caughtUp(
    view: Pick<ChannelView, 'key' | 'channel'>,
    peer: NodeEndpoint,
    signer: Signer,
    signal: AbortSignal,
    patienceMs: number,
  ): Promise<boolean>;
}

export function createHeights({ connections, clock }: { connections: Connections; clock: Clock }): Heights {
  const told = new Map<string, number>();
  const reached = new Map<string, number>();

  const hasAll: Heights['hasAll'] = async ({ key, channel }, peer, signer, signal) => {
    const needed = told.get(key) ?? 0;
    const peerKey = `${key} ${peer.address}`;
    if ((reached.get(peerKey) ?? 0) >= needed) return true;
    const { height } = await peerQueries({ connections, node: peer }, signer).chainInfo(channel, { signal, timeoutMs: ANSWER_TIMEOUT_MS });
    reached.set(peerKey, height);
    return height >= needed;
  };

  return {
    saw({ key }, blockNumber) {
      told.set(key, Math.max(told.get(key) ?? 0, blockNumber + 1));
    },
    hasAll,
    async caughtUp(view, peer, signer, signal, patienceMs) {
      const deadline = clock.monotonic() + patienceMs;
      while (!signal.aborted) {
        if (await hasAll(view, peer, signer, signal)) return true;
        if (clock.monotonic() >= deadline) return false;
        await sleep(clock, POLL_MS, signal);
      }
      return false;
    },
  };
}
