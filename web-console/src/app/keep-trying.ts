import { sleepUntilOnline } from '../graphql/pause.ts';

/** Resolves when it is time to try again, or when the signal ends the waiting. */
export type Pause = (signal: AbortSignal) => Promise<void>;

const halfAMinute: Pause = (signal) => sleepUntilOnline(30_000, signal);

/** What is loaded, however often that takes. Why it did not come, the browser's own console tells. */
export function keepTrying<T>(load: () => Promise<T>): Promise<T>;
/** @returns undefined when the signal ends it before */
export function keepTrying<T>(load: () => Promise<T>, options: { pause?: Pause; signal: AbortSignal }): Promise<T | undefined>;
export async function keepTrying<T>(load: () => Promise<T>, { pause = halfAMinute, signal }: { pause?: Pause; signal: AbortSignal } = new AbortController()): Promise<T | undefined> {
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
