import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { passSignals } from './pass-signals.js';
import { holdBuildLock } from './programs/build-lock.js';

// Plain JavaScript for the Node.js that the machine has: it runs before the one that Guildhall brings along is there.

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const node24Path = join('node_modules', 'node', 'bin', 'node');
/** Node.js 24, installed as a dependency of this repository. */
export const node24 = join(root, node24Path);

/** Whatever the person's own settings of npm leave out: without Node.js 24 and PostgreSQL's programs nothing runs. */
const npmArguments = ['ci', '--include=dev', '--include=optional', '--ignore-scripts=false', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error'];
const tellEveryMs = 10_000;

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const packagesIn = (lockfile) => JSON.parse(readFileSync(lockfile, 'utf8')).packages;

/** npm writes down what is installed when it has installed all of it, and removes that with everything else before it begins anew. */
export function isInstalled(folder = root) {
  const written = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(join(folder, node24Path)) || !existsSync(written)) return false;
  const installed = packagesIn(written);
  return Object.entries(packagesIn(join(folder, 'package-lock.json'))).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = installed[path];
    // Of the optional ones, each machine has its own.
    if (!found) return optional === true || devOptional === true;
    return link === true ? found.link === true : found.version === version;
  });
}

/** Installs the locked dependencies unless they are there, and makes sure that Node.js 24 is among them. */
export async function ensureDependencies(progress) {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) fail(`Guildhall's set-up needs Node.js 20 or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org`);
  if (isInstalled()) return;
  const release = await lockModules(progress);
  try {
    // Another run may have installed them while this one waited.
    if (!isInstalled()) await install(progress);
  } finally {
    await release();
  }
}

async function lockModules(progress) {
  try {
    return await holdBuildLock(modules, progress);
  } catch (error) {
    // Node.js 20.4 to 20.7 know no abstract sockets (nodejs/node#49656): there, two first starts at once are not kept apart.
    if (error.code !== 'EINVAL') throw error;
    return () => Promise.resolve();
  }
}

async function install(progress) {
  progress('Installing dependencies (npm ci); the first time this takes a minute');
  const began = Date.now();
  const elapsed = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const ticker = setInterval(() => progress(`  still installing, ${elapsed()}`), tellEveryMs);
  const child = spawn('npm', npmArguments, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => (interrupted = true));
  passSignals(child);
  // EBADENGINE: some dependencies want the Node.js 24 that is being installed here.
  const [code] = await once(child, 'close').catch((error) => fail(`npm could not be run (${error.message}): install it beside Node.js`));
  clearInterval(ticker);
  if (interrupted) fail('The installation was interrupted: the next start begins it anew.');
  if (code !== 0) fail('npm ci failed; what it said stands above. Without a network it cannot fetch what is not in its cache.');
  const version = spawnSync(node24, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (!version.startsWith('v24.')) fail(`Node.js 24 was not installed with the dependencies (${version || 'nothing there'}): run "npm rebuild node" and look at what it says`);
  progress(`Dependencies are there after ${elapsed()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureDependencies((line) => process.stdout.write(`${line}\n`));
