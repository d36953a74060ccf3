import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  let text: string;
  try {
    text = readFileSync(file(folder), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as ProcessRecord;
}

/** Whole or not at all: the new record replaces the old one by a rename. */
export function writeRecord(folder: string, record: ProcessRecord): void {
  const temporary = `${file(folder)}.new`;
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
  renameSync(temporary, file(folder));
}

function file(folder: string): string {
  return join(folder, 'process.json');
}
