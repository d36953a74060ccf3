import { accessSync, constants } from 'node:fs';
import { copyFile, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdBuildLock } from './build-lock.js';
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
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(env.HOME ?? homedir(), '.cache');
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
 * @returns {Promise<string>} the folder that holds the programs
 * @throws {FabricProgramsError}
 */
export async function ensureFabricPrograms({ onProgress = () => {}, cacheDir, oracles = false, env = process.env } = {}) {
  const found = await findFabricPrograms({ onProgress, cacheDir, oracles, env });
  if (found) return found;

  const names = programNames(oracles);
  const cache = cacheDir ?? defaultCacheDir(env);
  const binDir = join(cache, 'bin');
  await mkdir(binDir, { recursive: true });
  const release = await holdBuildLock(binDir, onProgress);
  try {
    // Another run may have built while this one waited.
    const missing = await missingPrograms(binDir, names);
    if (missing.length > 0 || !hasConfig(cache)) await build({ cache, binDir, missing, env, onProgress });
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

/** The version a program of Fabric says it has, without a leading "v"; undefined when it does not run or says none. */
async function programVersion(path) {
  const { code, stdout } = await runProgram(path, ['version'], { env: { PATH: dirname(path) }, timeoutMs: 10_000 }).catch(() => ({
    code: 1,
    stdout: '',
  }));
  return code === 0 ? /Version:\s*v?([\w.-]+)/.exec(stdout)?.[1] : undefined;
}

async function build({ cache, binDir, missing, env, onProgress }) {
  await checkGo(env);
  const work = await mkdtemp(join(cache, 'build-'));
  try {
    for (const name of ['go.mod', 'go.sum']) await copyFile(fileURLToPath(new URL(`fabric/${name}`, import.meta.url)), join(work, name));
    const goEnv = { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
    onProgress(`Building Fabric ${FABRIC_VERSION} from source with Go (once; about 2 minutes on 2 cores): ${missing.join(', ')}`);
    for (const name of missing) await buildProgram({ name, work, binDir, goEnv, onProgress });
    await copyConfig({ cache, work, goEnv });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function checkGo(env) {
  const go = await runProgram('go', ['version'], { env, timeoutMs: 60_000 }).catch(() => undefined);
  if (!go)
    throw new FabricProgramsError(
      `Fabric's programs (peer, orderer 3.1.x) are not on PATH, and Go is not there to build them. Install Go 1.24 or newer, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`,
    );
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(go.stdout) ?? [];
  if (go.code !== 0 || major === undefined)
    throw new FabricProgramsError(
      `Go is on PATH but does not work: "go version" ended with ${go.code}: ${lastLines(go.stderr)}. Repair it, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`,
    );
  if (Number(major) === 1 && Number(minor) < 24)
    throw new FabricProgramsError(
      `Go ${major}.${minor} is too old to build Fabric ${FABRIC_VERSION}: it needs Go 1.24 or newer. Install it, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`,
    );
}

async function buildProgram({ name, work, binDir, goEnv, onProgress }) {
  const ldflags = `-s -w -X ${MODULE}/common/metadata.Version=${FABRIC_VERSION} -X ${MODULE}/common/metadata.CommitSHA=${COMMIT}`;
  const target = join(work, name);
  const started = Date.now();
  let compiled = 0;
  let downloaded = 0;
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const ticker = setInterval(() => {
    const doing = compiled > 0 ? `${compiled} packages compiled` : `${downloaded} modules downloaded`;
    onProgress(`  ${name}: ${doing}, ${elapsed()}`);
  }, 5_000);
  // -v names each package on stderr as it is compiled: the only sign of progress that go gives.
  const args = ['build', '-v', '-trimpath', '-ldflags', ldflags, '-o', target, `${MODULE}/cmd/${name}`];
  const result = await runProgram('go', args, {
    cwd: work,
    env: goEnv,
    onStderrLine: (line) => (line.startsWith('go: downloading') ? downloaded++ : compiled++),
  }).finally(() => clearInterval(ticker));
  if (result.code !== 0) {
    throw new FabricProgramsError(
      `Building Fabric's ${name} failed (go build ended with ${result.code}):\n${lastLines(result.stderr)}\nCorrect that and start again, or: ${WHERE_OFFICIAL_PROGRAMS_ARE}`,
    );
  }
  await rename(target, join(binDir, basename(target)));
  onProgress(`  ${name}: built in ${elapsed()}`);
}

async function copyConfig({ cache, work, goEnv }) {
  const listed = await runProgram('go', ['list', '-m', '-f', '{{.Dir}}', MODULE], { cwd: work, env: goEnv });
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

const lastLines = (text) => text.trim().split('\n').slice(-15).join('\n');
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
