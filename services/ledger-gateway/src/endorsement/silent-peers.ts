import type { FabricErrorCode } from '@guildhall/fabric';
import type { Clock } from '@guildhall/kubernetes';

/** How long a peer that did not answer is asked last. */
const REST_MS = 15_000;
const SILENT: readonly FabricErrorCode[] = ['UNREACHABLE', 'DEADLINE_EXCEEDED', 'CONTRACT_UNREACHABLE'];

/** Peers that did not answer a moment ago, to whichever call: a peer that hangs costs one call its patience, not each. */
export interface SilentPeers {
  /** A call to the peer ended so: with an error, or without one. */
  ended(address: string, code?: FabricErrorCode): void;
  all(): ReadonlySet<string>;
  /** The same peers, those that did not answer last. */
  last<Peer extends { readonly address: string }>(peers: readonly Peer[]): readonly Peer[];
}

export function createSilentPeers(clock: Pick<Clock, 'monotonic'>): SilentPeers {
  const restUntil = new Map<string, number>();
  const all = (): ReadonlySet<string> => {
    for (const [address, until] of restUntil) if (until <= clock.monotonic()) restUntil.delete(address);
    return new Set(restUntil.keys());
  };
  return {
    ended(address, code) {
      if (code === 'CANCELLED') return; // The caller's deadline says nothing of the peer.
      if (code !== undefined && SILENT.includes(code)) restUntil.set(address, clock.monotonic() + REST_MS);
      else restUntil.delete(address);
    },
    all,
    last(peers) {
      const silent = all();
      return peers.toSorted((a, b) => Number(silent.has(a.address)) - Number(silent.has(b.address)));
    },
  };
}
