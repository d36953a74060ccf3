import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureFabricPrograms, defaultCacheDir, FabricProgramsError } from '../../scripts/programs/fabric.js';
import { buildConsole, ConsoleBuildError } from '../../scripts/web-console.js';
import { readCommand } from './command-line.ts';
import { ImageError } from './part.ts';
import { readManifest } from './parts/npm-package.ts';
import { examples, recipes } from './recipes/index.ts';
import { createSources, type Recipe } from './recipes/recipe.ts';
import { writeImages } from './write-images.ts';

// npm run images [-- --only NAME,…] [-- --output FOLDER]

const root = resolve(import.meta.dirname, '../..');
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** What was changed since the commit is not in it. */
function revisionOf(folder: string): string | undefined {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', 'HEAD');
  return commit === undefined || git('status', '--porcelain') === '' ? commit : `${commit}-modified`;
}

async function prepare(wanted: readonly Recipe[]): Promise<string> {
  if (wanted.some(({ name }) => name === 'control-plane')) await buildConsole(() => Promise.resolve(), { onProgress: progress });
  return wanted.some(({ name }) => name.startsWith('fabric-')) ? ensureFabricPrograms({ onProgress: progress }) : join(defaultCacheDir(), 'bin');
}

async function main(): Promise<void> {
  const { names, output } = readCommand(process.argv.slice(2), {
    usual: recipes.map(({ name }) => name),
    others: examples.map(({ name }) => name),
    defaultOutput: join(root, '.guildhall', 'images'),
    // npm starts its scripts in the folder of the package.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
  });
  const wanted = [...recipes, ...examples].filter(({ name }) => names.includes(name));
  const fabric = await prepare(wanted);
  const { version } = await readManifest(root);
  await writeImages({
    recipes: wanted,
    sources: createSources({ root, fabric, version, revision: revisionOf(root) }),
    output,
    onWritten: ({ name, version, digest, size, tookMs }) => console.log(`${name}:${version}  ${digest}  ${(size / 1e6).toFixed(1)} MB  ${(tookMs / 1000).toFixed(1)} s`),
  });
  console.log(`The images are in ${output}; digests.json there names the digest of each.`);
}

main().catch((error: unknown) => {
  const known = error instanceof ImageError || error instanceof FabricProgramsError || error instanceof ConsoleBuildError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
