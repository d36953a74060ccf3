import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from '../files.ts';

export interface ProjectedFile {
  /** Relative to the volume; may name folders. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Only the owner's bits are given: every program here runs as the same user, so others have no business in it. */
  readonly mode: number;
}

const data = '..data';

/**
 * Makes a folder show exactly these files. As a kubelet does it: the files lie in a folder of their own, `..data` is a link
 * to that, and each name is a link into `..data`; a change is one rename of the link, so that a reader sees all of the
 * old files or all of the new ones. Returns whether anything changed.
 */
export function projectFiles(folder: string, files: readonly ProjectedFile[]): boolean {
  const version = `..${digestOf(files)}`;
  if (linkTarget(join(folder, data)) === version) return false;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const staging = join(folder, '..new');
  rmSync(staging, { recursive: true, force: true });
  rmSync(join(folder, version), { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
  for (const file of files) {
    const target = join(staging, file.path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, file.content, { mode: file.mode & 0o700 });
  }
  renameSync(staging, join(folder, version));
  pointTo(folder, data, version);
  const names = new Set(files.map((it) => it.path.split('/')[0] ?? ''));
  for (const name of names) if (linkTarget(join(folder, name)) !== join(data, name)) pointTo(folder, name, join(data, name));
  const kept = new Set([...names, data, version]);
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name), { recursive: true });
  return true;
}

function pointTo(folder: string, name: string, target: string): void {
  const temporary = join(folder, '..link');
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, join(folder, name));
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function digestOf(files: readonly ProjectedFile[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${file.path}\0${file.mode}\0${file.content.length}\0`).update(file.content);
  }
  return hash.digest('hex').slice(0, 32);
}
