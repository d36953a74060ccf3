import { build as esbuild, type Metafile } from 'esbuild';
import { join } from 'node:path';
import type { ImageFile } from '../layer.ts';
import { ImageError, joinParts, type Part } from '../part.ts';
import { licenseFiles, npmComponent } from '../parts/npm-package.ts';
import { companions, type Companions } from './companions.ts';
import { shimLogger } from './fabric-shim.ts';

export interface Programs {
  /** Folder of the repository. */
  root: string;
  /** Their sources, relative to it, by the name that each program gets. */
  programs: Readonly<Record<string, string>>;
  /** Packages that are there beside the programs. */
  external?: readonly string[];
  /** In the image. */
  folder?: string;
}

/**
 * Makes one file of each program and all that it imports, and of each program beside it that it starts. The same sources give the same
 * bytes, wherever they lie: names in them are relative to the repository.
 */
export async function bundlePrograms({ root, programs, external = [], folder = '/app' }: Programs): Promise<Part> {
  const found: Companions = { programs: new Map(Object.entries(programs).map(([name, source]) => [name, join(root, source)])), files: new Map() };
  for (;;) {
    const count = found.programs.size;
    const { outputFiles, metafile } = await bundle(root, found, external);
    // A program that another one starts is known when that has been read.
    if (found.programs.size > count) continue;
    const files = outputFiles.map(({ path, text }): ImageFile => ({ path: `${folder}/${path.slice(join(root, 'out').length + 1)}`, from: { text } }));
    const beside = [...found.files].map(([name, file]): ImageFile => ({ path: `${folder}/${name}`, from: { file }, mode: 0o755 }));
    return joinParts({ files: [...files, ...beside], components: [] }, await packagesIn(root, metafile));
  }
}

/** What modules of the older kind expect to be there. */
const commonJs = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;`;

async function bundle(root: string, found: Companions, external: readonly string[]) {
  try {
    return await esbuild({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(found.programs),
      outdir: join(root, 'out'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      // The licences of what is in here are files beside it.
      legalComments: 'none',
      keepNames: true,
      external: [...external, 'pg-native'],
      banner: { js: commonJs },
      tsconfigRaw: {},
      logLevel: 'silent',
      plugins: [shimLogger(root), companions(root, found)],
    });
  } catch (error) {
    const entries = [...found.programs.values()].join(', ');
    throw new ImageError(`${entries} cannot be made into one file: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Folders of the packages that have left something in a bundle. */
export function packageFolders({ outputs }: Pick<Metafile, 'outputs'>): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(used.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))].toSorted();
}

async function packagesIn(root: string, metafile: Metafile): Promise<Part> {
  const folders = packageFolders(metafile).map((folder) => join(root, folder));
  return {
    files: (await Promise.all(folders.map(licenseFiles))).flat(),
    components: await Promise.all(folders.map(npmComponent)),
  };
}
