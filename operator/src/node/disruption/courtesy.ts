import type { Clock } from '@guildhall/kubernetes';

/** In this time every other node that wants to go has asked for the turn: who waits asks each second. */
const courtesyMs = 3_000;
/** On a machine that is cordoned and never emptied, others want the turn for ever. */
const patienceMs = 5 * 60_000;

/**
 * Who leads a channel goes last. A channel stands still until it has another leader, and when all of its orderers are to go, leaders that go early are followed
 * by ones that are to go as well: then it stands still once for each instead of once.
 */
export interface Courtesy {
  /** Whether a node that leads and could have the turn now leaves it to others; `couldGo`: the turn is free, and nothing else is in the way. */
  yields(key: string, couldGo: boolean): boolean;
  /** It does not wish to go, or does not lead. */
  forget(key: string): void;
}

export function createCourtesy(clock: Clock): Courtesy {
  const waits = new Map<string, { since: number; couldGoSince: number | undefined }>();
  return {
    yields(key, couldGo) {
      const now = clock.monotonic();
      const before = waits.get(key);
      const since = before?.since ?? now;
      const couldGoSince = couldGo ? (before?.couldGoSince ?? now) : undefined;
      waits.set(key, { since, couldGoSince });
      const waited = couldGoSince !== undefined && now - couldGoSince >= courtesyMs;
      return !waited && now - since < patienceMs;
    },
    forget: (key) => void waits.delete(key),
  };
}
