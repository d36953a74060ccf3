import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whole or not at all, also when the process ends meanwhile: the new content takes the old one's name when it is complete. After a
 * power cut the file may be empty: what must survive that is written with `keepFile`.
 */
export function replaceFile(file: string, content: string, mode = 0o600): void {
  replace(file, content, mode, false);
}

/** As `replaceFile`, and on disk before it returns. */
export function keepFile(file: string, content: string, mode = 0o600): void {
  replace(file, content, mode, true);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function replace(file: string, content: string, mode: number, flush: boolean): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    writeFileSync(temporary, content, { mode, flush });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The file's text; undefined when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** What `readIfThere` found, as JSON; undefined also for what is no JSON, as after a power cut. */
export function parseIfWhole(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}
