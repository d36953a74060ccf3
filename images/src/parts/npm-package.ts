import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ImageFile } from '../layer.ts';
import { ImageError, type Component } from '../part.ts';
import { folderFiles } from './folder.ts';

interface Manifest {
  name: string;
  version: string;
  license?: unknown;
  dependencies?: Readonly<Record<string, string>>;
  optionalDependencies?: Readonly<Record<string, string>>;
}

export async function readManifest(folder: string): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch (error) {
    throw new ImageError(`${join(folder, 'package.json')} cannot be read (${error instanceof Error ? error.message : String(error)}): remove node_modules and install the dependencies again`, { cause: error });
  }
}

export async function npmComponent(folder: string): Promise<Component> {
  const { name, version, license } = await readManifest(folder);
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`,
    ...(typeof license === 'string' ? { license } : {}),
  };
}

/** What a package's authors want to go with it. */
export async function licenseFiles(folder: string): Promise<ImageFile[]> {
  const { name, version } = await readManifest(folder);
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).toSorted();
  return names.map((file) => ({ path: `/usr/share/licenses/${name}@${version}/${file}`, from: { file: join(folder, file) } }));
}

/** Where a package finds another one; undefined when it is not installed. */
function resolve(root: string, from: string, name: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  return from === root ? undefined : resolve(root, dirname(from), name);
}

/** Folders of packages and of all that these need; of the optional ones, what is there for this machine. */
export async function npmClosure(root: string, names: readonly string[]): Promise<string[]> {
  const folders = new Set<string>();
  const visit = async (from: string, needed: readonly string[], isOptional: boolean): Promise<void> => {
    for (const name of needed) {
      const folder = resolve(root, from, name);
      if (folder === undefined && !isOptional) throw new ImageError(`${from} needs the package ${name}, which is not installed: remove node_modules and install the dependencies again`);
      if (folder === undefined || folders.has(folder)) continue;
      folders.add(folder);
      const { dependencies = {}, optionalDependencies = {} } = await readManifest(folder);
      await visit(folder, Object.keys(dependencies).filter((each) => !(each in optionalDependencies)), false);
      await visit(folder, Object.keys(optionalDependencies), true);
    }
  };
  await visit(root, names, false);
  return [...folders].toSorted();
}

/** A package as it is installed, at the same place below /app; packages within it are packages of their own. */
export async function npmFiles(root: string, folder: string, isWanted: (name: string, path: string) => boolean): Promise<ImageFile[]> {
  const { name } = await readManifest(folder);
  return folderFiles(folder, `/app/${relative(root, folder)}`, (path) => !path.startsWith('node_modules/') && isWanted(name, path));
}
