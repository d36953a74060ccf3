import type { ChannelAddress } from '../directory/directory.ts';
import type { EvaluateRequest, SeenBlock } from '../requests.ts';

/** What this process was told of, for each channel: the next call may be answered by a gateway that was not told. */
export interface SeenBlocks {
  told(address: ChannelAddress, block: SeenBlock): void;
  /** The request with what is known of its channel, if it has nothing of its own. */
  added<Request extends EvaluateRequest>(request: Request): Request;
}

const MAX_CHANNELS = 10_000;

export function createSeenBlocks(): SeenBlocks {
  const seen = new Map<string, SeenBlock>();
  const keyOf = ({ consortium, channel }: ChannelAddress): string => `${consortium}/${channel}`;
  return {
    told(address, { ledger, blockNumber }) {
      const key = keyOf(address);
      const former = seen.get(key);
      if (former !== undefined && former.ledger === ledger && former.blockNumber >= blockNumber) return;
      seen.delete(key);
      seen.set(key, { ledger, blockNumber });
      const [oldest] = seen.keys();
      if (seen.size > MAX_CHANNELS && oldest !== undefined) seen.delete(oldest);
    },
    added(request) {
      const known = request.seen ?? seen.get(keyOf(request));
      return known === undefined ? request : { ...request, seen: known };
    },
  };
}
