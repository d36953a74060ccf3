import { sleep, type Clock } from '@guildhall/kubernetes';

/** Asks once. Rejects only when the signal is aborted. */
export type Probe<Observation> = (signal: AbortSignal) => Promise<Observation>;

/** One silence may be a busy machine, so what was silent is asked once more before it counts. */
export const askTwice =
  <Observation>(probe: Probe<Observation>, isSilent: (observation: Observation) => boolean): Probe<Observation> =>
  async (signal) => {
    const first = await probe(signal);
    return isSilent(first) && !signal.aborted ? probe(signal) : first;
  };

export interface Monitor<Observation> {
  /**
   * Asks again and again from now on: at first every few milliseconds, later once a second, and less often as soon as all is well. A call with the `version` that is
   * watched already changes nothing; another version forgets what was seen and begins anew.
   */
  watch(key: string, version: string, probe: Probe<Observation>): void;
  /** Asks now, beside the usual pace, and often for a while: something has just changed. */
  look(key: string): Promise<void>;
  forget(key: string): void;
  /** What is watched now. */
  keys(): string[];
  /** What was last seen of this version; undefined before the first answer. */
  last(key: string): Observation | undefined;
  /** For how many milliseconds all that was seen has been well; 0 when what was last seen is not, or nothing was seen. */
  wellMs(key: string): number;
  close(): void;
}

export interface MonitorOptions<Observation> {
  clock: Clock;
  /** Told of a probe that rejected though nobody ended it. */
  onError(key: string, error: unknown): void;
  /** Told of each first and each different observation, with the one before it in the same life. */
  onChange(key: string, observation: Observation, before: Observation | undefined): void;
  /** Nothing is waited for so much any more that each few milliseconds count. */
  isWell?(observation: Observation): boolean;
  firstMs?: number;
  steadyMs?: number;
  same(a: Observation, b: Observation): boolean;
}

interface Watched<Observation> {
  version: string;
  probe: Probe<Observation>;
  stop: AbortController;
  /** Undefined before the first answer, which may be undefined itself. */
  seen?: { last: Observation };
  /** Since when all that was seen is well; undefined when it is not. */
  wellSince?: number | undefined;
  /** When what was last seen was asked for; a slow answer does not overwrite a newer one. */
  askedAt: number;
  intervalMs: number;
  /** Ends the present pause. */
  wake: AbortController;
}

/** Of what a process shows that is well, people wait for nothing sooner; asking costs both it and the operator some milliseconds. */
const calmMs = 150;

/** Observations live here and nowhere else: after a restart they are made again. */
export function createMonitor<Observation>(options: MonitorOptions<Observation>): Monitor<Observation> {
  const { clock, onChange, onError, same, isWell = () => false, firstMs = 25, steadyMs = 1000 } = options;
  const watched = new Map<string, Watched<Observation>>();

  async function ask(key: string, entry: Watched<Observation>): Promise<void> {
    const askedAt = clock.monotonic();
    let observation: Observation;
    try {
      observation = await entry.probe(entry.stop.signal);
    } catch (error) {
      if (entry.stop.signal.aborted) return;
      throw error;
    }
    if (entry.stop.signal.aborted || askedAt < entry.askedAt) return;
    const before = entry.seen?.last;
    const isNews = entry.seen === undefined || !same(entry.seen.last, observation);
    entry.seen = { last: observation };
    entry.wellSince = isWell(observation) ? (entry.wellSince ?? askedAt) : undefined;
    entry.askedAt = askedAt;
    if (isNews) onChange(key, observation, before);
  }

  async function run(key: string, entry: Watched<Observation>): Promise<void> {
    for (let looked = false; !entry.stop.signal.aborted; looked = entry.wake.signal.aborted) {
      // A probe that fails is a bug; the next look may still succeed.
      if (!looked) await ask(key, entry).catch((error: unknown) => onError(key, error));
      entry.wake = new AbortController();
      const pause = AbortSignal.any([entry.stop.signal, entry.wake.signal]);
      const intervalMs = entry.seen !== undefined && isWell(entry.seen.last) ? Math.max(calmMs, entry.intervalMs) : entry.intervalMs;
      entry.intervalMs = Math.min(steadyMs, intervalMs * 1.3);
      await sleep(clock, intervalMs, pause);
    }
  }

  function forget(key: string): void {
    watched.get(key)?.stop.abort();
    watched.delete(key);
  }

  return {
    watch(key, version, probe) {
      if (watched.get(key)?.version === version) return;
      forget(key);
      const entry: Watched<Observation> = { version, probe, stop: new AbortController(), wake: new AbortController(), intervalMs: firstMs, askedAt: -Infinity };
      watched.set(key, entry);
      void run(key, entry);
    },
    async look(key) {
      const entry = watched.get(key);
      if (entry === undefined) return;
      entry.intervalMs = firstMs;
      entry.wake.abort();
      await ask(key, entry);
    },
    forget,
    keys: () => [...watched.keys()],
    last: (key) => watched.get(key)?.seen?.last,
    wellMs(key) {
      const since = watched.get(key)?.wellSince;
      return since === undefined ? 0 : clock.monotonic() - since;
    },
    close() {
      for (const { stop } of watched.values()) stop.abort();
      watched.clear();
    },
  };
}
