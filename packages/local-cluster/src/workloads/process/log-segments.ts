import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../files.ts';

/** A place in a log that is kept as a row of files: `generation` counts the rotations before it. */
export interface LogPosition {
  readonly generation: number;
  readonly offset: number;
}

const chunkBytes = 64 * 1024;
const newline = 10;

/** The file that holds a generation after it was rotated away. */
export function segmentFile(logFile: string, generation: number): string {
  return `${logFile}.${generation}`;
}

/** Generations of a log that were rotated away and still exist, oldest first. */
export function listSegments(logFile: string): number[] {
  const prefix = `${basename(logFile)}.`;
  return namesIn(dirname(logFile))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** Numbers of the instances that have a log in a folder, oldest first. */
export function listInstances(folder: string): number[] {
  return namesIn(folder)
    .flatMap((name) => /^(\d+)\.log$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** None in a folder that is not there, yet or any more. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

export function instanceFile(folder: string, instance: number): string {
  return join(folder, `${instance}.log`);
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Up to 64 KiB from an offset; empty at the end and when the file is gone. */
export function readChunk(file: string, offset: number, length = chunkBytes): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
  try {
    const buffer = Buffer.alloc(Math.min(length, chunkBytes));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(descriptor);
  }
}

/** Where the last `lines` lines of a log begin; a last line without its end counts as one. */
export function findTail(logFile: string, generation: number, lines: number): LogPosition {
  if (lines === 0) return { generation, offset: sizeOf(logFile) };
  let missing = lines;
  let last = true;
  let start: LogPosition = { generation, offset: 0 };
  for (const part of [generation, ...listSegments(logFile).reverse()]) {
    const file = part === generation ? logFile : segmentFile(logFile, part);
    for (let end = sizeOf(file); end > 0; ) {
      const begin = Math.max(0, end - chunkBytes);
      const chunk = readChunk(file, begin, end - begin);
      for (let index = chunk.length - 1; index >= 0; index--) {
        // The end of the last line is not the beginning of another.
        if (chunk[index] === newline && !last && --missing === 0) return { generation: part, offset: begin + index + 1 };
        last = false;
      }
      end = begin;
    }
    start = { generation: part, offset: 0 };
  }
  return start;
}
