import { appendFileSync, closeSync, copyFileSync, mkdirSync, openSync, rmSync, truncateSync, watch } from 'node:fs';
import { once } from 'node:events';
import {
  findTail,
  instanceFile,
  listInstances,
  listSegments,
  readChunk,
  segmentFile,
  sizeOf,
  type LogPosition,
} from './log-segments.ts';

export interface LogLimits {
  /** A log file that has grown beyond this is rotated. */
  readonly maxBytes: number;
  /** How many files one instance's log is kept in, the current one included. */
  readonly maxFiles: number;
}

export interface LogReadOptions {
  /** Only so many lines from the end; all by default. */
  readonly tailLines?: number;
  /** Goes on with what is written later, until the instance ends. */
  readonly follow?: boolean;
  /** Of the instance before the current one. */
  readonly previous?: boolean;
  readonly signal?: AbortSignal;
}

/** The log of one container: one file per instance (start of the process), each rotated by size. */
export interface ContainerLog {
  /** Begins the log of an instance and forgets all but the one before it. Returns the file to append to. */
  begin(instance: number): string;
  /** Goes on with the log of an instance that runs already. */
  resume(instance: number): void;
  /** Says that nothing more will be written by the current instance. */
  end(): void;
  rotate(): void;
  read(options: LogReadOptions): AsyncGenerator<Uint8Array>;
  /** Whether the log of an instance before the current one is there. */
  hasPrevious(): boolean;
  /** The end of the current instance's log as text, for a message: at most so many lines and bytes. */
  lastLines(lines: number, bytes: number): string;
}

/**
 * The process writes the file itself and keeps it open, so that it needs nobody to take its output. Rotation therefore
 * copies the file aside and empties it; as it was opened for appending, the process goes on at the new end. What it writes
 * in the moment between the last copied byte and the emptying is lost.
 */
export function createContainerLog(folder: string, limits: LogLimits): ContainerLog {
  const changes = new EventTarget();
  let current: number | undefined = listInstances(folder).at(-1);
  let generation = current === undefined ? 0 : nextGeneration(folder, current);
  let open = false;

  const previous = (): number | undefined => listInstances(folder).findLast((instance) => current !== undefined && instance < current);

  function changed(): void {
    changes.dispatchEvent(new Event('change'));
  }

  function select(instance: number): void {
    current = instance;
    generation = nextGeneration(folder, instance);
    open = true;
    for (const old of listInstances(folder).filter((it) => it < instance - 1)) removeInstance(folder, old);
    changed();
  }

  return {
    begin(instance) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = instanceFile(folder, instance);
      closeSync(openSync(file, 'a', 0o600));
      select(instance);
      return file;
    },
    resume: select,
    end() {
      open = false;
      changed();
    },
    rotate() {
      if (current === undefined || !open) return;
      const file = instanceFile(folder, current);
      if (sizeOf(file) <= limits.maxBytes) return;
      moveAside(file, segmentFile(file, generation));
      generation += 1;
      for (const old of listSegments(file).slice(0, -(limits.maxFiles - 1))) rmSync(segmentFile(file, old));
      changed();
    },
    hasPrevious: () => previous() !== undefined,
    async *read({ tailLines, follow = false, previous: former = false, signal }) {
      const instance = former ? previous() : current;
      if (instance === undefined) return;
      const file = instanceFile(folder, instance);
      const newest = (): number => (instance === current ? generation : nextGeneration(folder, instance));
      const mayGrow = (): boolean => follow && instance === current && open;
      const hasLeft = (): boolean => signal?.aborted === true;
      let position = beginning(file, newest(), tailLines);
      while (!hasLeft()) {
        const rotated = position.generation < newest();
        const chunk = readChunk(rotated ? segmentFile(file, position.generation) : file, position.offset);
        if (chunk.length > 0) {
          position = { ...position, offset: position.offset + chunk.length };
          yield chunk;
        } else if (rotated) {
          position = { generation: position.generation + 1, offset: 0 };
        } else {
          if (!mayGrow()) return;
          await nextChange(file, changes, position.offset, signal);
        }
      }
    },
    lastLines(lines, bytes) {
      if (current === undefined) return '';
      const file = instanceFile(folder, current);
      const start = findTail(file, generation, lines);
      const end = sizeOf(file);
      const begin = Math.max(start.generation === generation ? start.offset : 0, end - bytes);
      return readChunk(file, begin).toString('utf8').trim();
    },
  };
}

function beginning(file: string, newest: number, tailLines: number | undefined): LogPosition {
  if (tailLines !== undefined) return findTail(file, newest, tailLines);
  return { generation: listSegments(file)[0] ?? newest, offset: 0 };
}

function nextGeneration(folder: string, instance: number): number {
  return (listSegments(instanceFile(folder, instance)).at(-1) ?? -1) + 1;
}

function moveAside(file: string, segment: string): void {
  copyFileSync(file, segment);
  // What was written during the copy, again and again until nothing was.
  for (let copied = sizeOf(segment); ; ) {
    const more = readChunk(file, copied);
    if (more.length === 0) break;
    appendFileSync(segment, more);
    copied += more.length;
  }
  truncateSync(file);
}

function removeInstance(folder: string, instance: number): void {
  const file = instanceFile(folder, instance);
  for (const generation of listSegments(file)) rmSync(segmentFile(file, generation), { force: true });
  rmSync(file, { force: true });
}

/** Waits for something to happen to the log after `seen` bytes: written, rotated, ended, or the reader has left. */
async function nextChange(file: string, changes: EventTarget, seen: number, signal: AbortSignal | undefined): Promise<void> {
  const done = new AbortController();
  const stop = (): void => done.abort();
  signal?.addEventListener('abort', stop, { once: true });
  const watcher = watch(file, stop);
  try {
    // Written between the last read and the beginning of the watch: no event comes for it.
    if (sizeOf(file) !== seen) return;
    await once(changes, 'change', { signal: done.signal });
  } catch (error) {
    if (!done.signal.aborted) throw error;
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', stop);
  }
}
