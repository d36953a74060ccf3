import { decodeBlock, decodeConfiguration } from '@guildhall/fabric';
import type { ConfigMap } from '@guildhall/kubernetes';

/** By the object in the cache: a block is decoded once for all of its members. */
const known = new WeakMap<ConfigMap, ReadonlyMap<string, readonly string[]>>();

/** `host:port` of the anchor peers that the channel was made with for this member; undefined when the block does not have the member. */
export function agreedAnchors(held: ConfigMap, block: Uint8Array, mspId: string): readonly string[] | undefined {
  const anchors = known.get(held) ?? anchorsOf(block);
  known.set(held, anchors);
  return anchors.get(mspId);
}

function anchorsOf(block: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const { channel, config } = decodeBlock(block);
  if (config === undefined) return new Map();
  return new Map(decodeConfiguration(channel, config).applicationOrganizations.map(({ msp, anchorPeers }) => [msp.mspId, anchorPeers.map(({ host, port }) => `${host}:${port}`)]));
}
