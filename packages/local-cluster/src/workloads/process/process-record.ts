import { join } from 'node:path';
import { parseIfWhole, readIfThere, replaceFile } from '../files.ts';
import type { Terminated } from './container-status.ts';
import type { ProcessIdentity } from './identity.ts';

/** What is kept of a container beside its process: enough to adopt it, and to go on counting when it is gone. */
export interface ProcessRecord {
  readonly restartCount: number;
  readonly process: ProcessIdentity;
  readonly startedAt: number;
  /** Its end, once it was seen. */
  readonly ended?: Terminated;
}

export function readRecord(folder: string): ProcessRecord | undefined {
  return parseIfWhole(readIfThere(file(folder))) as ProcessRecord | undefined;
}

export function writeRecord(folder: string, record: ProcessRecord): void {
  replaceFile(file(folder), JSON.stringify(record));
}

function file(folder: string): string {
  return join(folder, 'process.json');
}
