/** Keeps two who wish for different things from undoing each other's writes without a pause. */
export interface Contest {
  /** Whether this was written there a short while ago: that it is not there any more is somebody else's doing. */
  isOn(place: string, wish: string): boolean;
  wrote(place: string, wish: string): void;
  forget(place: string): void;
}

/** @param now milliseconds of a clock that never goes back */
export function createContest(pauseMs: number, now: () => number): Contest {
  const written = new Map<string, { wish: string; at: number }>();
  return {
    isOn(place, wish) {
      const last = written.get(place);
      return last?.wish === wish && now() - last.at < pauseMs;
    },
    wrote: (place, wish) => void written.set(place, { wish, at: now() }),
    forget: (place) => void written.delete(place),
  };
}
