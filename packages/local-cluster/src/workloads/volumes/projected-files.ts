import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const names = new Set(files.map((it) => it.path.split('/')[0] ?? ''));
  if (shows(folder, version, names) && areWhole(join(folder, version), files)) return false;
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) === undefined) replace(folder, files, version, names);
  else fill(folder, files, version, names);
  return true;
}

/** A new folder has no reader yet. The link to the files comes last: without it, all is looked at again. */
function fill(folder: string, files: readonly ProjectedFile[], version: string, names: ReadonlySet<string>): void {
  writeFiles(join(folder, version), files);
  for (const name of names) symlinkSync(join(data, name), join(folder, name));
  symlinkSync(version, join(folder, data));
}

function replace(folder: string, files: readonly ProjectedFile[], version: string, names: ReadonlySet<string>): void {
  const staging = join(folder, '..new');
  rmSync(staging, { recursive: true, force: true });
  // Somebody may be reading them, when only the names are to be brought up to date.
  if (linkTarget(join(folder, data)) !== version || !areWhole(join(folder, version), files)) {
    rmSync(join(folder, version), { recursive: true, force: true });
    writeFiles(staging, files);
    renameSync(staging, join(folder, version));
  }
  pointTo(folder, data, version);
  for (const name of names) if (linkTarget(join(folder, name)) !== join(data, name)) pointTo(folder, name, join(data, name));
  const kept = new Set([...names, data, version]);
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name), { recursive: true });
}

function writeFiles(folder: string, files: readonly ProjectedFile[]): void {
  const folders = new Set(files.map((it) => dirname(join(folder, it.path))));
  for (const each of folders.add(folder)) mkdirSync(each, { recursive: true, mode: 0o700 });
  for (const file of files) writeFileSync(join(folder, file.path), file.content, { mode: file.mode & 0o700 });
}

/** A change that was cut short can have left names out, or old ones in. */
function shows(folder: string, version: string, names: ReadonlySet<string>): boolean {
  if (linkTarget(join(folder, data)) !== version) return false;
  const extent = names.size + 2; // the link and what it leads to
  return readdirSync(folder).length === extent && [...names].every((name) => linkTarget(join(folder, name)) === join(data, name));
}

/** A power cut can leave files empty whose names and links are there. */
function areWhole(folder: string, files: readonly ProjectedFile[]): boolean {
  return existsSync(folder) && files.every(({ path, content }) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === content.length);
}

function pointTo(folder: string, name: string, target: string): void {
  const temporary = join(folder, '..link');
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, join(folder, name));
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    // EINVAL: it is there and is no link.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EINVAL')) return undefined;
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
