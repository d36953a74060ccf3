import type { Clock } from '@guildhall/kubernetes';

/** In this time every other node that wants to go has asked for the turn: who waits asks each second. */
const courtesyMs = 3_000;
/** On a machine that is cordoned and never emptied, others want the turn for ever: so long, since one of them took it for the second time; or since something came in the way that may come and go. */
const patienceMs = 5 * 60_000;

/**
 * Who leads a channel goes last. A channel stands still until it has another leader, and when all of its orderers are to go, leaders that go early are followed
 * by ones that are to go as well: then it stands still once for each instead of once.
 */
export interface Courtesy {
  /**
   * Whether a node that leads and could have the turn now leaves it to others.
   * @param couldGo the turn is free, and nothing else is in the way
   * @param holder who has the turn, or had it and did not give it back
   */
  yields(key: string, couldGo: boolean, holder: string | undefined): boolean;
  /** It does not wish to go, or does not lead. */
  forget(key: string): void;
}

interface Wait {
  /** Who has had the turn meanwhile. */
  gone: Set<string>;
  holder: string | undefined;
  couldGoSince: number | undefined;
  /** Since when waiting may have no end. */
  roundSince: number | undefined;
}

export function createCourtesy(clock: Clock): Courtesy {
  const waits = new Map<string, Wait>();
  return {
    yields(key, couldGo, holder) {
      const now = clock.monotonic();
      const before = waits.get(key) ?? { gone: new Set<string>(), holder: undefined, couldGoSince: undefined, roundSince: undefined };
      const takesAgain = holder !== undefined && holder !== before.holder && before.gone.has(holder);
      const isHindered = holder === undefined && before.couldGoSince !== undefined && !couldGo;
      const roundSince = before.roundSince ?? (takesAgain || isHindered ? now : undefined);
      const couldGoSince = couldGo ? (before.couldGoSince ?? now) : undefined;
      waits.set(key, { gone: holder === undefined ? before.gone : before.gone.add(holder), holder, couldGoSince, roundSince });
      const waited = couldGoSince !== undefined && now - couldGoSince >= courtesyMs;
      return !waited && (roundSince === undefined || now - roundSince < patienceMs);
    },
    forget: (key) => void waits.delete(key),
  };
}
