import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultCacheDir, ensureFabricPrograms, fabricVersion, findFabricPrograms } from '../../../scripts/programs/fabric.js';

export { fabricVersion };

export interface FabricPrograms {
  /** Where they are, or where a build would put them. */
  folder: string;
  /** Resolves with the folder that they are in, however they came there; rejects only with the signal's reason. */
  ready: Promise<string>;
}

export const programsInWords = (version: string | undefined, folder: string): string => `Fabric ${version ?? 'of an unknown version'} in ${folder}`;

export interface FabricProgramsOptions {
  onProgress: (line: string) => void;
  /** Told why they cannot be had and what to do, once for each reason. */
  onMissing: (message: string) => void;
  /** Ends a build and the waiting. */
  signal: AbortSignal;
  find?: () => Promise<string | undefined>;
  ensure?: (options: { onProgress: (line: string) => void; signal: AbortSignal }) => Promise<string>;
  waits?: { lookMs: number; buildMs: number; longestMs: number };
}

/**
 * Finds Fabric's programs, or has them built while everything else starts: pods that need them wait for them. What keeps them away, a person can
 * mend meanwhile: programs that appear on PATH or in the cache are found, and a build is tried again, less and less often.
 */
export async function provideFabricPrograms(options: FabricProgramsOptions): Promise<FabricPrograms> {
  const { onProgress, onMissing, signal, find = () => findFabricPrograms(), ensure = ensureFabricPrograms } = options;
  const { lookMs, buildMs, longestMs } = options.waits ?? { lookMs: 2_000, buildMs: 10_000, longestMs: 300_000 };

  async function appear(withinMs: number): Promise<string | undefined> {
    for (let waited = 0; waited < withinMs; waited += lookMs) {
      await delay(lookMs, undefined, { signal });
      const found = await find();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function untilThere(): Promise<string> {
    let told: string | undefined;
    for (let wait = buildMs; ; wait = Math.min(wait * 2, longestMs)) {
      try {
        return await ensure({ onProgress, signal });
      } catch (error) {
        signal.throwIfAborted();
        const message = error instanceof Error ? error.message : String(error);
        if (message !== told) onMissing(message);
        told = message;
      }
      const found = await appear(wait);
      if (found !== undefined) return found;
    }
  }

  const found = await find();
  if (found !== undefined) return { folder: found, ready: Promise.resolve(found) };
  const ready = untilThere();
  // It may end, because Guildhall ends, before anybody has asked for the outcome.
  ready.catch(() => undefined);
  return { folder: join(defaultCacheDir(), 'bin'), ready };
}
