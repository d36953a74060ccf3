import { join } from 'node:path';
import { joinParts, type Part } from '../part.ts';
import { debianLibraries, librariesOf } from './debian.ts';
import { licenseFiles, readManifest } from './npm-package.ts';

/** Node.js as it is among the dependencies, with the libraries of Debian that it is linked with. */
export async function nodePart(root: string): Promise<Part> {
  const folder = join(root, 'node_modules', 'node');
  const program = join(folder, 'bin', 'node');
  const { version } = await readManifest(folder);
  const node: Part = {
    files: [{ path: '/usr/bin/node', from: { file: program }, mode: 0o755 }, ...(await licenseFiles(folder))],
    components: [{ type: 'application', name: 'node', version, purl: `pkg:generic/node@${version}`, license: 'MIT' }],
  };
  return joinParts(node, await debianLibraries(await librariesOf(program)));
}
