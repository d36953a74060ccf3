/** Resolves when it is time to try again, or when the signal ends the waiting. */
export type Pause = (signal: AbortSignal) => Promise<void>;

/** What is loaded, however often that takes; undefined when the signal ends it before. Why it did not come, the browser's own console tells. */
export async function keepTrying<T>(load: () => Promise<T>, { pause, signal }: { pause: Pause; signal: AbortSignal }): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      const loaded = await load();
      return signal.aborted ? undefined : loaded;
    } catch {
      await pause(signal);
    }
  }
  return undefined;
}
