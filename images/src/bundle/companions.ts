import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ImageError } from '../part.ts';

/** What lies beside a program, by its name there. */
export interface Companions {
  /** Sources of programs; each gets a file of its own. */
  programs: Map<string, string>;
  /** Files that are taken as they are. */
  files: Map<string, string>;
}

const reference = /new URL\('\.\/([^'/]+)', import\.meta\.url\)/g;
const source = /\.ts$/;

/**
 * A module of ours that names a file beside it, `new URL('./x.ts', import.meta.url)`, starts it as a process of its own. So the file goes
 * along, and a source is bundled as a program beside the first, under the name that it is then started by.
 */
export const companions = (root: string, found: Companions): Plugin => ({
  name: 'companions',
  setup(build) {
    build.onLoad({ filter: source }, async ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`) || !path.startsWith(root + sep)) return undefined;
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(reference, (_, name: string) => {
        const file = join(dirname(path), name);
        if (!source.test(name)) return urlOf(note(found.files, name, file));
        return urlOf(`${note(found.programs, name.replace(source, ''), file)}.mjs`);
      });
      return { contents, loader: 'ts' };
    });
  },
});

const urlOf = (name: string): string => `new URL('./${name}', import.meta.url)`;

function note(known: Map<string, string>, name: string, file: string): string {
  const other = known.get(name);
  if (other !== undefined && other !== file) throw new ImageError(`${file} and ${other} would both be ${basename(name)} in the image: give one of them another name`);
  known.set(name, file);
  return name;
}
