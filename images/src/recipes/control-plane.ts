import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePrograms } from '../bundle/bundle.ts';
import { joinParts, without, type Part } from '../part.ts';
import { debianPrograms } from '../parts/debian.ts';
import { folderFiles } from '../parts/folder.ts';
import { licenseFiles, npmClosure, npmComponent, npmFiles, readManifest } from '../parts/npm-package.ts';
import { nodeEnvironment } from './node-program.ts';
import type { Recipe } from './recipe.ts';

const consoleFolder = '/app/console';

/** What builds and checks contracts takes apart what is sent to it; these bring programs of their own, and the runner starts them. */
const builders = ['acorn', 'esbuild', 'typescript'];

/** The same program as `@esbuild/…` has, under a name for the command line. */
const isWanted = (name: string, path: string): boolean => !(name === 'esbuild' && path.startsWith('bin/'));

async function builderPackages(root: string): Promise<Part> {
  const folders = await npmClosure(root, builders);
  const files = await Promise.all(folders.map((folder) => npmFiles(root, folder, isWanted)));
  return { files: files.flat(), components: await Promise.all(folders.map(npmComponent)) };
}

const isProduct = (path: string): boolean => !/\.test\.ts$|^testing\//.test(path);

/** Sources: contracts are built from those of the base and of the templates, and what builds them finds these by their packages' names. */
async function contractSources(root: string): Promise<Part> {
  const folders = (await readdir(join(root, 'contracts'), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = await Promise.all(
    folders.map(async (name) => {
      const folder = join(root, 'contracts', name);
      const manifest = await readManifest(folder);
      return [
        { path: `/app/contracts/${name}/package.json`, from: { file: join(folder, 'package.json') } },
        ...(await folderFiles(join(folder, 'src'), `/app/contracts/${name}/src`, isProduct)),
        { path: `/app/node_modules/${manifest.name}`, from: { link: `../../contracts/${name}` } },
      ];
    }),
  );
  return { files: files.flat(), components: [] };
}

/** As it was built, with the packages that may be in it: the build does not tell which of them left something. */
async function builtConsole(root: string): Promise<Part> {
  const folder = join(root, 'web-console');
  const { dependencies = {} } = await readManifest(folder);
  const packages = await npmClosure(root, Object.keys(dependencies));
  const licenses = await Promise.all(packages.map(licenseFiles));
  return {
    files: [...(await folderFiles(join(folder, 'dist'), consoleFolder, (path) => !path.startsWith('.'))), ...licenses.flat()],
    components: await Promise.all(packages.map(npmComponent)),
  };
}

const startPath = '/app/start.sh';
const startScript = (root: string): Part => ({
  files: [{ path: startPath, from: { file: join(root, 'images/src/control-plane/start.sh') }, mode: 0o755 }],
  components: [],
});

export const controlPlane: Recipe = {
  name: 'control-plane',
  title: 'Guildhall: API and console',
  licenses: 'Apache-2.0',
  parts: async ({ root, base, node }) => {
    const runtime = await node();
    const programs = await bundlePrograms({
      root,
      programs: { main: 'services/control-plane/src/main.ts', 'sign-in': 'services/control-plane/src/sign-in.ts', 'admin-token': 'services/control-plane/src/admin-token.ts', digests: 'packages/resources/src/print-digests.ts' },
      external: ['@guildhall/contract-*'],
    });
    return [
      await base(),
      runtime,
      // The compiler's limits are set by a shell, and what a check leaves behind is buried by one.
      joinParts(without(await debianPrograms({ '/usr/bin/sh': '/bin/dash' }), runtime), await builderPackages(root)),
      joinParts(startScript(root), await contractSources(root), await builtConsole(root), programs),
    ];
  },
  entrypoint: [startPath],
  environment: { ...nodeEnvironment, GUILDHALL_CONSOLE_FOLDER: consoleFolder },
};
