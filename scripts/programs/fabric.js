import { accessSync, constants } from 'node:fs';
import { copyFile, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdBuildLock } from './build-lock.js';
import { goBuild, goEnvironment, goFault, lastLines } from './go.js';
import { runProgram } from './run-program.js';

/** The release that is built when none is found. Any 3.1.x on PATH is accepted. */
export const FABRIC_VERSION = '3.1.0';
const COMMIT = '8f08391';
const MODULE = 'github.com/hyperledger/fabric';
const NODE_PROGRAMS = ['peer', 'orderer'];
const ORACLE_PROGRAMS = ['configtxgen', 'configtxlator', 'cryptogen', 'osnadmin'];
const CONFIG_FILES = ['core.yaml', 'orderer.yaml'];
const WHERE_OFFICIAL_PROGRAMS_ARE =
  `The official programs are in the release "v${FABRIC_VERSION}" (or any later 3.1.x) of https://github.com/hyperledger/fabric/releases: ` +
  'unpack the archive for this machine and put its bin folder on PATH.';

/** The programs of Fabric are neither here nor can they be built. `message` says why and what to do. */
export class FabricProgramsError extends Error {
  name = 'FabricProgramsError';
}

/** `${XDG_CACHE_HOME:-~/.cache}/guildhall/fabric/<version>`: `bin/` holds the programs, `config/` the core.yaml and orderer.yaml that belong to them. */
export function defaultCacheDir(env = process.env) {
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(env.HOME || homedir(), '.cache');
  return join(base, 'guildhall', 'fabric', FABRIC_VERSION);
}

const programNames = (oracles) => (oracles ? [...NODE_PROGRAMS, ...ORACLE_PROGRAMS] : NODE_PROGRAMS);

/**
 * Finds Fabric's programs on PATH, else in the cache; builds nothing. Takes what ensureFabricPrograms takes.
 *
 * @returns {Promise<string | undefined>} the folder that holds the programs; undefined when they are not here
 */
export async function findFabricPrograms({ onProgress = () => {}, cacheDir, oracles = false, env = process.env } = {}) {
  const names = programNames(oracles);
  const cache = cacheDir ?? defaultCacheDir(env);
  const onPath = await findOnPath(names, env, onProgress);
  return onPath ?? ((await isComplete(cache, names)) ? join(cache, 'bin') : undefined);
}

/**
 * Finds Fabric's programs on PATH, else in the cache, else builds them into the cache with Go.
 *
 * @param {object} [options]
 * @param {(line: string) => void} [options.onProgress] one line at a time, for a person
 * @param {string} [options.cacheDir]
 * @param {boolean} [options.oracles] also the tools that only tests use
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {AbortSignal} [options.signal] ends a build, or the waiting for another one's
 * @returns {Promise<string>} the folder that holds the programs
 * @throws {FabricProgramsError}
 */
export async function ensureFabricPrograms({ onProgress = () => {}, cacheDir, oracles = false, env = process.env, signal } = {}) {
  const found = await findFabricPrograms({ onProgress, cacheDir, oracles, env });
  if (found) return found;

  const names = programNames(oracles);
  const cache = cacheDir ?? defaultCacheDir(env);
  const binDir = join(cache, 'bin');
  await makeCache(binDir);
  const release = await holdBuildLock(binDir, onProgress, { signal });
  try {
    // Another run may have built while this one waited.
    const missing = await missingPrograms(binDir, names);
    if (missing.length > 0 || !hasConfig(cache)) await build({ cache, binDir, missing, env, onProgress, signal });
  } finally {
    await release();
  }
  return binDir;
}

async function findOnPath(names, env, onProgress) {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const folder = folders.find((candidate) => NODE_PROGRAMS.every((name) => isExecutable(join(candidate, name))));
  if (!folder) return undefined;
  for (const name of NODE_PROGRAMS) {
    const version = await programVersion(join(folder, name));
    if (!isSupported(version)) {
      onProgress(`${join(folder, name)} is not used: it says version ${version ?? 'unknown'}, and 3.1.x is needed.`);
      return undefined;
    }
  }
  const missing = names.filter((name) => !isExecutable(join(folder, name)));
  if (missing.length > 0) {
    onProgress(`${folder} is not used: it lacks ${missing.join(', ')}.`);
    return undefined;
  }
  return folder;
}

const isSupported = (version) => version !== undefined && /^3\.1\.\d+$/.test(version);
const hasConfig = (cache) => CONFIG_FILES.every((name) => isReadable(join(cache, 'config', name)));

async function isComplete(cache, names) {
  return hasConfig(cache) && (await missingPrograms(join(cache, 'bin'), names)).length === 0;
}

async function missingPrograms(binDir, names) {
  const missing = [];
  for (const name of names) {
    const path = join(binDir, name);
    // The cache may be a home folder shared with a machine of another kind: a program that does not run here is missing.
    const usable = isExecutable(path) && (!NODE_PROGRAMS.includes(name) || isSupported(await programVersion(path)));
    if (!usable) missing.push(name);
  }
  return missing;
}

/** The version of the programs in a folder; undefined when they do not run. */
export const fabricVersion = (binDir) => programVersion(join(binDir, 'peer'));

/** The version a program of Fabric says it has, without a leading "v"; undefined when it does not run or says none. */
async function programVersion(path) {
  const { code, stdout } = await runProgram(path, ['version'], { env: { PATH: dirname(path) }, timeoutMs: 10_000 }).catch(() => ({
    code: 1,
    stdout: '',
  }));
  return code === 0 ? /Version:\s*v?([\w.-]+)/.exec(stdout)?.[1] : undefined;
}

async function makeCache(binDir) {
  try {
    await mkdir(binDir, { recursive: true });
    accessSync(binDir, constants.W_OK);
  } catch (error) {
    throw new FabricProgramsError(
      `Fabric's programs cannot be kept in ${binDir} (${error.message}): set XDG_CACHE_HOME to a folder that this account may write, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`,
    );
  }
}

async function build({ cache, binDir, missing, env, onProgress, signal }) {
  await requireGo(env);
  // The lock is held: a build folder that is here belongs to a build that was killed.
  for (const name of await readdir(cache)) if (name.startsWith('build-')) await rm(join(cache, name), { recursive: true, force: true });
  const work = await mkdtemp(join(cache, 'build-'));
  try {
    for (const name of ['go.mod', 'go.sum']) await copyFile(fileURLToPath(new URL(`fabric/${name}`, import.meta.url)), join(work, name));
    onProgress(`Building Fabric ${FABRIC_VERSION} from source with Go (once; about 2 minutes on 2 cores): ${missing.join(', ')}`);
    for (const name of missing) await buildProgram({ name, work, binDir, env, onProgress, signal });
    await copyConfig({ cache, work, env });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function requireGo(env) {
  const fault = await goFault(env);
  if (!fault) return;
  const sentence = {
    missing: "Fabric's programs (peer, orderer 3.1.x) are not on PATH, and Go is not there to build them. Install Go 1.24 or newer",
    broken: `Go is on PATH but does not work: ${fault.detail}. Repair it`,
    old: `Go ${fault.version} is too old to build Fabric ${FABRIC_VERSION}: it needs Go 1.24 or newer. Install it`,
  }[fault.kind];
  throw new FabricProgramsError(`${sentence}, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`);
}

async function buildProgram({ name, work, binDir, env, onProgress, signal }) {
  const ldflags = `-s -w -X ${MODULE}/common/metadata.Version=${FABRIC_VERSION} -X ${MODULE}/common/metadata.CommitSHA=${COMMIT}`;
  const output = join(work, name);
  const failure = await goBuild({ name, target: `${MODULE}/cmd/${name}`, output, ldflags, cwd: work, env, onProgress, signal });
  if (failure) throw new FabricProgramsError(`Building Fabric's ${name} failed: ${failure}\nCorrect that, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`);
  await rename(output, join(binDir, name));
}

async function copyConfig({ cache, work, env }) {
  const listed = await runProgram('go', ['list', '-m', '-f', '{{.Dir}}', MODULE], { cwd: work, env: goEnvironment(env) });
  const moduleDir = listed.stdout.trim();
  if (listed.code !== 0 || moduleDir === '')
    throw new FabricProgramsError(`The source folder of Fabric was not found: ${lastLines(listed.stderr)}`);
  await mkdir(join(cache, 'config'), { recursive: true });
  for (const name of CONFIG_FILES) {
    const target = join(work, name);
    await copyFile(join(moduleDir, 'sampleconfig', name), target);
    await chmod(target, 0o644); // files of the module cache are read-only
    await rename(target, join(cache, 'config', name));
  }
}

const isExecutable = (path) => isAccessible(path, constants.X_OK);
const isReadable = (path) => isAccessible(path, constants.R_OK);
function isAccessible(path, mode) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
