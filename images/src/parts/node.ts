import { join } from 'node:path';
import { ImageError, joinParts, type Component, type Part } from '../part.ts';
import { run } from '../run.ts';
import { debianLibraries, librariesOf } from './debian.ts';

/** Among its versions these are of interfaces and of tables, not of software in it. */
const notSoftware = new Set(['node', 'modules', 'napi', 'unicode', 'cldr', 'tz']);

/** Node.js, and what is linked into it: that has a history of faults of its own. */
export function nodeComponents(versions: Readonly<Record<string, string>>): Component[] {
  const { node = '' } = versions;
  // What this Node.js was built without has a name and no version.
  const within = Object.entries(versions).filter(([name, version]) => version !== '' && !notSoftware.has(name));
  return [
    { type: 'application', name: 'node', version: node, purl: `pkg:generic/node@${node}`, license: 'MIT' },
    ...within.map(([name, version]): Component => ({ type: 'library', name, version, purl: `pkg:generic/${name}@${encodeURIComponent(version)}` })),
  ];
}

/** Node.js as it is among the dependencies, with the libraries of Debian that it is linked with. */
export async function nodePart(root: string): Promise<Part> {
  const program = join(root, 'node_modules', 'node', 'bin', 'node');
  const { code, stdout, stderr } = await run(program, ['--print', 'JSON.stringify(process.versions)']);
  if (code !== 0) throw new ImageError(`${program} does not run: ${stderr.trim()}`);
  const node: Part = {
    files: [{ path: '/usr/bin/node', from: { file: program }, mode: 0o755 }],
    components: nodeComponents(JSON.parse(stdout) as Record<string, string>),
  };
  return joinParts(node, await debianLibraries(await librariesOf(program)));
}
