import { realpath } from 'node:fs/promises';
import type { ImageFile } from '../layer.ts';
import { ImageError, type Component, type Part } from '../part.ts';
import { run } from '../run.ts';

/** In an image as in Debian, everything of these lies in /usr, and they are links to there. */
const inUsr = (path: string): string => (/^\/(bin|sbin|lib|lib64)\//.test(path) ? `/usr${path}` : path);

/** dpkg knows a file by the path that its package gives it, which is that one or the one through the link. */
const spellings = (path: string): string[] => (path.startsWith('/usr/') ? [path, path.slice('/usr'.length)] : [path, `/usr${path}`]);

/** `libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6`, from `dpkg --search`. */
export function readOwners(output: string): ReadonlyMap<string, string> {
  const lines = output.split('\n').flatMap((line): [string, string][] => {
    const [, owner, path] = /^([a-z0-9][a-z0-9+.:-]*): (\/.*)$/.exec(line) ?? [];
    return owner === undefined || path === undefined ? [] : [[path, owner]];
  });
  return new Map(lines);
}

/** The package that each file belongs to. */
async function ownersOf(paths: readonly string[]): Promise<string[]> {
  // It ends with 1 when any of them is unknown to it, as one of two spellings is.
  const owners = readOwners((await run('dpkg', ['--search', ...paths.flatMap(spellings)])).stdout);
  return paths.map((path) => {
    const owner = spellings(path).map((spelling) => owners.get(spelling)).find((found) => found !== undefined);
    if (owner === undefined) throw new ImageError(`${path} belongs to no Debian package, and what an image takes of this machine comes from one: install the package that has it`);
    return owner;
  });
}

async function componentsOf(packages: readonly string[]): Promise<Component[]> {
  const { code, stdout, stderr } = await run('dpkg-query', ['--show', '--showformat=${Package}\t${Version}\t${Architecture}\n', ...packages]);
  if (code !== 0) throw new ImageError(`dpkg-query does not tell the versions of ${packages.join(', ')}: ${stderr.trim()}`);
  return stdout.trimEnd().split('\n').map((line) => {
    const [name = '', version = '', architecture = ''] = line.split('\t');
    return { type: 'library', name, version, purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}` };
  });
}

/** Files of Debian packages: those, the packages, and what these allow and ask for. */
export async function debianFiles(files: readonly ImageFile[], sources: readonly string[]): Promise<Part> {
  // Asked about nothing, dpkg tells of everything.
  if (sources.length === 0) return { files, components: [] };
  const packages = [...new Set(await ownersOf(sources))].toSorted();
  const copyrights = packages.map((owner): ImageFile => {
    const path = `/usr/share/doc/${owner.replace(/:.*/, '')}/copyright`;
    return { path, from: { file: path } };
  });
  return { files: [...files, ...copyrights], components: await componentsOf(packages) };
}

/** The libraries that a program loads, from what `ldd` says. */
export function readLibraries(program: string, output: string): string[] {
  const missing = /^\s*(\S+) => not found/m.exec(output)?.[1];
  if (missing !== undefined) throw new ImageError(`${program} needs ${missing}, which this machine lacks: install its Debian package`);
  return [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}

export async function librariesOf(program: string): Promise<string[]> {
  const { code, stdout, stderr } = await run('ldd', [program]);
  // What is linked statically has none.
  if (code !== 0 && !/not a dynamic executable/.test(stdout + stderr)) throw new ImageError(`ldd does not tell the libraries of ${program}: ${stderr.trim()}`);
  return readLibraries(program, stdout);
}

const copied = async (path: string, from = path, mode = 0o644): Promise<ImageFile> => ({ path: inUsr(path), from: { file: await realpath(from) }, mode });

/** Libraries under the names by which programs ask for them; the loader among them is a program. */
export async function debianLibraries(libraries: Iterable<string>): Promise<Part> {
  const paths = [...new Set(libraries)].toSorted();
  return debianFiles(await Promise.all(paths.map((path) => copied(path, path, 0o755))), paths);
}

/** Programs with their libraries. @param programs by the path in the image the program of this machine */
export async function debianPrograms(programs: Readonly<Record<string, string>>): Promise<Part> {
  const libraries = await Promise.all(Object.values(programs).map(librariesOf));
  const paths = [...new Set(libraries.flat())].toSorted();
  const files = [
    ...Object.entries(programs).map(([path, from]) => copied(path, from, 0o755)),
    ...paths.map((path) => copied(path, path, 0o755)),
  ];
  return debianFiles(await Promise.all(files), [...Object.values(programs), ...paths]);
}
