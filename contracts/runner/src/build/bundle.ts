import { build as esbuild, type PartialMessage, type Plugin } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { dirname, join, normalize } from 'node:path/posix';
import { BuildError, problemAt, tooDeep, type Problem } from './problems.ts';
import { findPatternImports } from './run-time-imports.ts';

/** Source files by path (`/`-separated, relative), with the name of the one to begin with. */
export interface SourceFiles {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A module on disk, or files that are given. */
export type ContractSource = { readonly entry: string | URL } | SourceFiles;

export interface Bundle {
  readonly code: string;
  readonly map: string;
  readonly warnings: readonly Problem[];
}

/** What contracts may be built on, and where it is. */
const allowedPackages = new Map(['@guildhall/contract-base'].map((name) => [name, fileURLToPath(import.meta.resolve(name))]));

/**
 * One script that defines the global `contract`. The result depends on the sources alone: no tsconfig, no package settings of the
 * place, and minified white space, because esbuild's comments name paths.
 */
export async function bundle(source: ContractSource, { minify }: { readonly minify: boolean }): Promise<Bundle> {
  const given = 'files' in source ? source.files : undefined;
  const entry = String(source.entry);
  try {
    const { outputFiles, warnings } = await esbuild({
      entryPoints: [given ? entry : entry.startsWith('file:') ? fileURLToPath(entry) : entry],
      bundle: true,
      write: false,
      outfile: 'contract.js',
      sourcemap: 'external',
      sourcesContent: false,
      format: 'iife',
      globalName: 'contract',
      platform: 'neutral',
      target: 'es2024',
      charset: 'utf8',
      legalComments: 'none',
      minify,
      keepNames: false,
      treeShaking: true,
      tsconfigRaw: {},
      logLevel: 'silent',
      plugins: [given ? givenFiles(given) : filesOnDisk()],
    });
    const [map, code] = outputFiles.toSorted((a, b) => (a.path < b.path ? 1 : -1));
    if (!map || !code) throw new Error('esbuild gave no output');
    return { code: code.text, map: map.text, warnings: warnings.map((warning) => problemOf(warning, 'warning')) };
  } catch (error) {
    if (isBuildFailure(error)) throw new BuildError(error.errors.map((each) => problemOf(each, 'error')));
    throw error;
  }
}

function notAllowed(path: string): { errors: PartialMessage[] } {
  return {
    errors: [
      { text: `"${path}" may not be imported; a contract may import its own files and ${[...allowedPackages.keys()].join(', ')}` },
    ],
  };
}

function filesOnDisk(): Plugin {
  return {
    name: 'allowed-dependencies',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        if (kind === 'entry-point' || path.startsWith('./') || path.startsWith('../')) return undefined;
        const found = allowedPackages.get(path);
        return found === undefined ? notAllowed(path) : { path: found };
      });
    },
  };
}

/** Sources that are not on this machine's disk: they see each other and the allowed packages, and no file. */
function givenFiles(files: Readonly<Record<string, string>>): Plugin {
  const namespace = 'contract';
  return {
    name: 'given-files',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace: from }) => {
        const found = allowedPackages.get(path);
        if (found !== undefined) return { path: found, namespace: 'file' };
        if (from !== namespace && kind !== 'entry-point') return undefined;
        if (kind !== 'entry-point' && !path.startsWith('./') && !path.startsWith('../')) return notAllowed(path);
        const file = normalize(kind === 'entry-point' ? path : join(dirname(importer), path));
        return Object.hasOwn(files, file) ? { path: file, namespace } : { errors: [{ text: `there is no file "${file}"` }] };
      });
      build.onLoad({ filter: /.*/, namespace }, async ({ path }) => {
        const contents = files[path] ?? '';
        const loader = path.endsWith('.ts') ? 'ts' : 'js';
        try {
          const errors = await findPatternImports(contents, path, loader);
          return errors.length > 0 ? { errors } : { contents, loader };
        } catch (error) {
          if (error instanceof RangeError) return { errors: [{ text: tooDeep, location: { file: path } }] };
          if (isBuildFailure(error)) return { errors: error.errors.map(({ text, location }) => ({ text, location })) };
          throw error;
        }
      });
    },
  };
}

interface BuildFailure {
  readonly errors: readonly { readonly text: string; readonly location: { file: string; line: number; column: number } | null }[];
}

const isBuildFailure = (error: unknown): error is BuildFailure & Error =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

function problemOf({ text, location }: BuildFailure['errors'][number], severity: Problem['severity']): Problem {
  const file = location?.file.replace(/^contract:/, '') ?? '';
  return problemAt({ file, line: location?.line ?? 0, column: (location?.column ?? -1) + 1 }, 'build', text, severity);
}
