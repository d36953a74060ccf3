import { readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ImageFile } from '../layer.ts';

/** A folder of this machine with what is in it. Who may write a file is nobody's affair; whether it can be run is kept. */
export async function folderFiles(source: string, destination: string, wanted: (path: string) => boolean = () => true): Promise<ImageFile[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) => {
    const from = join(entry.parentPath, entry.name);
    const path = relative(source, from);
    return entry.isDirectory() || !wanted(path) ? [] : [fileOf(from, `${destination}/${path}`, entry.isSymbolicLink())];
  });
  return Promise.all(files);
}

async function fileOf(from: string, path: string, isLink: boolean): Promise<ImageFile> {
  if (isLink) return { path, from: { link: await readlink(from) } };
  const isProgram = ((await stat(from)).mode & 0o100) !== 0;
  return { path, from: { file: from }, mode: isProgram ? 0o755 : 0o644 };
}
