import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Plain JavaScript for the Node.js that the machine has: it runs before the one that Guildhall brings along is there.

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Node.js 24, installed as a dependency of this repository. */
export const node24 = join(root, 'node_modules', 'node', 'bin', 'node');
const stamp = join(root, 'node_modules', '.guildhall-lockfile');

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const lockDigest = () => createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

/** Installs the locked dependencies unless they are there, and makes sure that Node.js 24 is among them. */
export function ensureDependencies(progress) {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) fail(`Guildhall's set-up needs Node.js 20 or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org`);
  const wanted = lockDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  progress('Installing dependencies (npm ci); the first time this takes a minute');
  const began = Date.now();
  // EBADENGINE: some dependencies want the Node.js 24 that is being installed here.
  const result = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) fail(`npm could not be run (${result.error.message}): install it beside Node.js`);
  if (result.status !== 0) fail('npm ci failed; what it said stands above. Without a network it cannot fetch what is not in its cache.');
  const version = spawnSync(node24, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (!version.startsWith('v24.')) fail(`Node.js 24 was not installed with the dependencies (${version || 'nothing there'}): run "npm rebuild node" and look at what it says`);
  writeFileSync(stamp, wanted);
  progress(`Dependencies are there after ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
