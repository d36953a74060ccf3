import { readFile } from 'node:fs/promises';
import { ImageError, type Component } from '../part.ts';

// What `go version -m` reads (debug/buildinfo): a magic number, two bytes, and from byte 32 two strings, each after its length.
const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const flagsAt = 15;
const inlineStrings = 2;
const stringsAt = 32;
/** The table of modules stands between two marks of this length. */
const mark = 16;

/** The modules that a program was made of, Go's library among them. */
export async function goModules(program: string): Promise<Component[]> {
  const bytes = await readFile(program);
  const start = findInfo(bytes);
  if (start === undefined) throw new ImageError(`${program} does not say what Go modules it was made of: build it with Go 1.18 or newer`);
  const [version, next] = readString(bytes, start + stringsAt);
  const [table] = readString(bytes, next);
  return [moduleComponent('stdlib', version.replace(/^go/, '')), ...readModules(table.slice(mark, -mark))];
}

/** The magic number is also among the constants of programs that read it; the information itself is aligned and says that strings follow. */
function findInfo(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1))
    if (at % 16 === 0 && ((bytes[at + flagsAt] ?? 0) & inlineStrings) !== 0) return at;
  return undefined;
}

function readString(bytes: Buffer, at: number): [text: string, next: number] {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return [bytes.toString('utf8', at, at + length), at + length];
}

const moduleComponent = (name: string, version: string): Component => ({
  type: 'library',
  name,
  version,
  purl: `pkg:golang/${name}@${encodeURIComponent(version)}`,
});

/** Lines of name, version and checksum; one that begins with `=>` says what the module above was replaced by. */
export function readModules(table: string): Component[] {
  const found: Component[] = [];
  for (const line of table.split('\n')) {
    const [kind, name, version] = line.split('\t');
    if (name === undefined || version === undefined) continue;
    if (kind === '=>') found.pop();
    if (kind === 'mod' || kind === 'dep' || kind === '=>') found.push(moduleComponent(name, version));
  }
  return found;
}
