import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileSystem } from 'typescript/unstable/fs';

/** Where the compiler finds a contract's files; they are nowhere on a disk. */
export const sourceFolder = '/contract';
const baseFolder = '/contract-base';
export const configFile = `${sourceFolder}/tsconfig.json`;
export const baseModule = `${baseFolder}/index.ts`;

/** As strict as the templates' own, and with the language's own objects alone. */
const compilerOptions = {
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2024'],
  types: [],
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  paths: { '@guildhall/contract-base': [baseModule] },
};

/**
 * Everything that the compiler may see: these files, the base, and the declarations of the language that come with it. It asks for each file,
 * and whatever a source names besides, by an import or a reference, is not there: nothing else of this machine's disk is ever read.
 */
export async function compilerFiles(files: Readonly<Record<string, string>>, declarationsFolder: string): Promise<FileSystem> {
  const contents = new Map<string, string>([
    [configFile, JSON.stringify({ compilerOptions, files: Object.keys(files) })],
    ...Object.entries(files).map(([path, text]): [string, string] => [`${sourceFolder}/${path}`, text]),
    ...(await baseFiles()),
  ]);
  const folders = new Set(['/', ...[...contents.keys()].flatMap(foldersAbove)]);
  const isDeclaration = (path: string): boolean => path.startsWith(`${declarationsFolder}/lib.`) && /^lib\.[a-z0-9.]+\.d\.ts$/.test(path.slice(declarationsFolder.length + 1));
  return {
    readFile: (path) => contents.get(path) ?? (isDeclaration(path) ? undefined : null),
    fileExists: (path) => contents.has(path) || (isDeclaration(path) ? undefined : false),
    directoryExists: (path) => folders.has(path),
    getAccessibleEntries: () => ({ files: [], directories: [] }),
    realpath: (path) => path,
  };
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '/' ? [] : [folder, ...foldersAbove(folder)];
}

async function baseFiles(): Promise<[string, string][]> {
  const folder = dirname(fileURLToPath(import.meta.resolve('@guildhall/contract-base')));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return Promise.all(names.map(async (name): Promise<[string, string]> => [`${baseFolder}/${name}`, await readFile(join(folder, name), 'utf8')]));
}
