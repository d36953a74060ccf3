import { join } from 'node:path';
import { defaultCacheDir, ensureFabricPrograms, findFabricPrograms } from '../../../scripts/programs/fabric.js';

export interface FabricPrograms {
  /** Where they are, or will be. */
  folder: string;
  /** Resolves when they are there; rejects with what to do when they cannot be had. */
  ready: Promise<void>;
}

/** Finds Fabric's programs, or has them built while everything else starts: pods that need them wait for them. */
export async function provideFabricPrograms(onProgress: (line: string) => void): Promise<FabricPrograms> {
  const found = await findFabricPrograms();
  if (found !== undefined) return { folder: found, ready: Promise.resolve() };
  const ready = ensureFabricPrograms({ onProgress }).then(() => undefined);
  // It may fail before anybody asks for the outcome, and would end the process as an error that nobody handles.
  ready.catch(() => undefined);
  return { folder: join(defaultCacheDir(), 'bin'), ready };
}
