import { closeSync, constants, ftruncateSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFile {
  write(line: string): void;
}

/**
 * Where a logger's lines go. A line that cannot be written, because the disk is full, is lost, and the process goes on: what it works for is worth
 * more than its log. The person is told once, and once more when it works again.
 */
export function openLogFile(path: string, tell: (sentence: string) => void, put: (fd: number, line: string) => void = writeSync): LogFile {
  const fd = openSync(path, 'a', 0o600);
  let failing = false;
  return {
    write(line) {
      try {
        put(fd, line);
        if (failing) tell(`The log ${path} is written again.`);
        failing = false;
      } catch (error) {
        if (!failing) tell(`The log ${path} cannot be written (${error instanceof Error ? error.message : String(error)}): free some space on its disk. Guildhall goes on without it.`);
        failing = true;
      }
    },
  };
}

const chunkBytes = 64 * 1024;

/** Copies a file that others append to and empties it. Lines that come in the moment between the last copied byte and the emptying are lost. */
function moveContent(from: string, to: string): void {
  const source = openSync(from, constants.O_RDWR);
  const target = openSync(to, 'w', 0o600);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let count = readSync(source, chunk); count > 0; count = readSync(source, chunk)) {
      for (let written = 0; written < count; ) written += writeSync(target, chunk, written, count - written);
    }
    ftruncateSync(source);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/**
 * Keeps each log of a folder below a size: what it holds moves to `<name>.1`, that of before to `<name>.2`, and so on. Copied and not renamed, because
 * processes of their own (PostgreSQL, the local cluster) hold these files open, and append to them.
 */
export function limitLogs(folder: string, { maxBytes = 10 * 1024 * 1024, kept = 4 } = {}): void {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.log'))) {
    const path = join(folder, name);
    if (statSync(path).size <= maxBytes) continue;
    // The oldest goes first: its room may be what the copy needs.
    rmSync(`${path}.${kept}`, { force: true });
    for (let age = kept - 1; age >= 1; age--) {
      if (statSync(`${path}.${age}`, { throwIfNoEntry: false })) renameSync(`${path}.${age}`, `${path}.${age + 1}`);
    }
    moveContent(path, `${path}.1`);
  }
}
