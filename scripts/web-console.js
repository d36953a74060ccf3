import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './dependencies.js';
import { holdBuildLock } from './programs/build-lock.js';
import { lastLines } from './programs/go.js';
import { runProgram } from './programs/run-program.js';

/** The console is neither built nor can it be. `message` says why and what to do. */
export class ConsoleBuildError extends Error {
  name = 'ConsoleBuildError';
}

const tellEveryMs = 5_000;
/** The build gives way to what runs beside it: databases, nodes, a demo whose times are told. */
const priority = 10;

/** Not part of what a build is made from. */
const isMade = (name) => name === 'dist' || name === 'node_modules' || name.startsWith('.');

async function filesIn(folder) {
  const files = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (isMade(entry.name)) continue;
    if (entry.isDirectory()) files.push(...(await filesIn(join(folder, entry.name))));
    else if (entry.isFile()) files.push(join(folder, entry.name));
  }
  return files;
}

/** Of everything that a build depends on: the sources, and the locked dependencies. */
export async function sourcesDigest(sources, more = []) {
  const hash = createHash('sha256');
  for (const path of [...(await filesIn(sources)).sort(), ...more]) {
    const content = await readFile(path);
    hash.update(`${relative(sources, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function npmBuild({ signal, env = process.env }) {
  // Nothing of a test run's or a developer's mode nothing gets into the build.
  const { code, stdout, stderr } = await runProgram('npm', ['run', 'build', '-w', 'web-console'], { cwd: root, env: { ...env, NODE_ENV: 'production', NO_COLOR: '1' }, signal, isFamily: true, priority }).catch((error) => {
    signal?.throwIfAborted();
    throw new ConsoleBuildError(`npm could not be run (${error.message}): install it beside Node.js`);
  });
  signal?.throwIfAborted();
  if (code !== 0) throw new ConsoleBuildError(`Building the console failed:\n${lastLines(`${stdout}\n${stderr}`)}\nCorrect that, try it with "npm run build -w web-console", and start again.`);
}

/**
 * Builds the web console unless the last build is of the same sources, and reads it. Of several at once one builds. The mark that a build is whole lies
 * within it and is written last: one that was cut short is made again, as is one that somebody made by hand.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} read called with the build, which nobody changes meanwhile
 * @param {object} [options]
 * @param {(line: string) => void} [options.onProgress] one line at a time, for a person
 * @param {AbortSignal} [options.signal] ends a build, or the waiting for another one's
 * @param {string} [options.sources]
 * @param {string[]} [options.more] further files that a build depends on
 * @param {(options: { signal?: AbortSignal }) => Promise<void>} [options.build]
 * @returns {Promise<T | undefined>} undefined when this copy of Guildhall has no console
 * @throws {ConsoleBuildError}
 */
export async function buildConsole(read, { onProgress = () => {}, signal, sources = join(root, 'web-console'), more = [join(root, 'package-lock.json')], build = npmBuild } = {}) {
  if (!existsSync(join(sources, 'package.json'))) return undefined;
  const dist = join(sources, 'dist');
  const mark = join(dist, '.built-from');
  const release = await holdBuildLock(dist, onProgress, { signal });
  try {
    const digest = await sourcesDigest(sources, more);
    if ((await readIfThere(mark)) !== digest) {
      await rm(mark, { force: true });
      await inWords(() => build({ signal }), onProgress);
      await writeFile(mark, digest);
    }
    return await read(dist);
  } finally {
    await release();
  }
}

async function readIfThere(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function inWords(build, onProgress) {
  const began = Date.now();
  const elapsed = () => `${Math.round((Date.now() - began) / 1000)} s`;
  onProgress('Building the console (once for each version; about half a minute)');
  const ticker = setInterval(() => onProgress(`  the console is being built, ${elapsed()}`), tellEveryMs);
  await build().finally(() => clearInterval(ticker));
  onProgress(`  the console was built in ${elapsed()}`);
}
