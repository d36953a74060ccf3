import { accessSync, constants, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdBuildLock } from './build-lock.js';
import { goBuild, goFault } from './go.js';

/** The Kubernetes that the local cluster is held to. */
export const KUBERNETES_VERSION = '1.34.2';

const version = (variable, value) =>
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].map((pkg) => `-X ${pkg}.${variable}=${value}`).join(' ');
// Without it the server calls itself v0.0.0.
const stamp = `${version('gitVersion', `v${KUBERNETES_VERSION}`)} ${version('gitMajor', '1')} ${version('gitMinor', '34')} ${version('gitTreeState', 'clean')}`;
const kubernetes = (name) => ({ name, module: 'kubernetes', target: `k8s.io/kubernetes/cmd/${name}`, ldflags: `-s -w ${stamp}` });
const apiServer = [
  { name: 'etcd', module: 'etcd', target: 'go.etcd.io/etcd/server/v3', ldflags: '-s -w' },
  kubernetes('kube-apiserver'),
  kubernetes('kube-controller-manager'),
  kubernetes('kubectl'),
];
/** What a node that runs pods takes besides, what installs a chart on it, enforces network policies and reads the chart's alerts. */
const node = [
  ...apiServer,
  kubernetes('kube-scheduler'),
  kubernetes('kube-proxy'),
  kubernetes('kubelet'),
  { name: 'pause', module: 'pause', target: '.', ldflags: '-s -w' },
  { name: 'coredns', module: 'coredns', target: 'github.com/coredns/coredns', ldflags: '-s -w' },
  { name: 'helm', module: 'helm', target: 'helm.sh/helm/v3/cmd/helm', ldflags: '-s -w' },
  { name: 'kube-router', module: 'kube-router', target: 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router', ldflags: '-s -w' },
  // Without what finds machines in a dozen clouds.
  { name: 'promtool', module: 'promtool', target: 'github.com/prometheus/prometheus/cmd/promtool', ldflags: '-s -w', tags: 'remove_all_sd' },
];

/** @typedef {'apiServer' | 'node'} Programs etcd, kube-apiserver, kube-controller-manager and kubectl; with what runs pods (kubelet, kube-proxy, kube-scheduler, CoreDNS, pause, kube-router), helm and promtool */
const programsOf = { apiServer, node };

/** The programs of Kubernetes are neither here nor can they be built. `message` says why and what to do. */
export class KubernetesProgramsError extends Error {
  name = 'KubernetesProgramsError';
}

/** `${XDG_CACHE_HOME:-~/.cache}/guildhall/kubernetes/<version>`; the programs are in `bin/`. */
export function defaultCacheDir(env = process.env) {
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(env.HOME || homedir(), '.cache');
  return join(base, 'guildhall', 'kubernetes', KUBERNETES_VERSION);
}

/** The folder with the programs, or undefined when any is missing. */
export function findKubernetesPrograms({ programs = 'apiServer', cacheDir, env = process.env } = {}) {
  const binDir = join(cacheDir ?? defaultCacheDir(env), 'bin');
  return missingPrograms(binDir, programs).length === 0 ? binDir : undefined;
}

/**
 * The programs in the cache; what is missing is built from Go modules, once.
 *
 * @param {object} [options]
 * @param {Programs} [options.programs] `apiServer` unless told otherwise
 * @param {(line: string) => void} [options.onProgress] one line at a time, for a person
 * @param {string} [options.cacheDir]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} the folder that holds the programs
 * @throws {KubernetesProgramsError}
 */
export async function ensureKubernetesPrograms({ programs = 'apiServer', onProgress = () => {}, cacheDir, env = process.env } = {}) {
  const cache = cacheDir ?? defaultCacheDir(env);
  const found = findKubernetesPrograms({ programs, cacheDir: cache });
  if (found) return found;
  const binDir = join(cache, 'bin');
  await mkdir(binDir, { recursive: true });
  const release = await holdBuildLock(binDir, onProgress);
  try {
    // Another run may have built while this one waited.
    const missing = missingPrograms(binDir, programs);
    if (missing.length > 0) await build({ cache, binDir, missing, env, onProgress });
  } finally {
    await release();
  }
  return binDir;
}

/** Measured; they share most of their packages, and the first is the slowest. */
const minutesOf = (missing) => Math.max(1, Math.round(missing.length * 1.3));

const missingPrograms = (binDir, programs) => programsOf[programs].filter(({ name }) => !isExecutable(join(binDir, name)));

async function build({ cache, binDir, missing, env, onProgress }) {
  await requireGo(env);
  // The lock is held: a build folder that is here belongs to a build that was killed.
  for (const name of await readdir(cache)) if (name.startsWith('build-')) await rm(join(cache, name), { recursive: true, force: true });
  const work = await mkdtemp(join(cache, 'build-'));
  try {
    await cp(fileURLToPath(new URL('kubernetes', import.meta.url)), work, { recursive: true });
    onProgress(
      `Building Kubernetes ${KUBERNETES_VERSION} from source with Go (once; about ${minutesOf(missing)} minutes on 2 cores): ${missing.map(({ name }) => name).join(', ')}`,
    );
    for (const program of missing) await buildProgram({ program, work, binDir, env, onProgress });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function requireGo(env) {
  const fault = await goFault(env);
  if (!fault) return;
  const sentence = {
    missing: `Kubernetes ${KUBERNETES_VERSION} is not in the cache, and Go is not there to build it`,
    broken: `Kubernetes ${KUBERNETES_VERSION} is not in the cache, and Go does not work: ${fault.detail}`,
    old: `Go ${fault.version} is too old to build Kubernetes ${KUBERNETES_VERSION}`,
  }[fault.kind];
  throw new KubernetesProgramsError(`${sentence}. Install Go 1.24 or newer.`);
}

async function buildProgram({ program: { name, module, target, ldflags, tags }, work, binDir, env, onProgress }) {
  const output = join(work, `${name}.built`); // beside it is the folder of the module, which may have the program's name
  const failure = await goBuild({ name, target, output, ldflags, tags, cwd: join(work, module), env, onProgress });
  if (failure) throw new KubernetesProgramsError(`Building ${name} failed: ${failure}`);
  await rename(output, join(binDir, name));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bin = await ensureKubernetesPrograms({ programs: process.argv.includes('--node') ? 'node' : 'apiServer', onProgress: (line) => console.log(line) });
  console.log(`Kubernetes ${KUBERNETES_VERSION} is in ${bin}`);
}
