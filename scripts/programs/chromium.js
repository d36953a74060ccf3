import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** There is no browser. `message` says what to do. */
export class ChromiumMissingError extends Error {
  name = 'ChromiumMissingError';
}

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const debians = '/usr/bin/chromium';

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The browser that shows the console to the tests: the one that GUILDHALL_CHROMIUM names, else Debian's, else one on PATH.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [usual] where Debian puts it
 * @returns {string}
 * @throws {ChromiumMissingError}
 */
export function findChromium(env = process.env, usual = debians) {
  const named = env.GUILDHALL_CHROMIUM;
  if (named) {
    if (isProgram(named)) return named;
    throw new ChromiumMissingError(`GUILDHALL_CHROMIUM is ${JSON.stringify(named)}, which is no program: correct it, or unset it to use the chromium of this machine.`);
  }
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '').flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [usual, ...onPath].find(isProgram);
  if (found) return found;
  throw new ChromiumMissingError('Chromium is missing, which shows the console to its tests: apt-get install -y chromium fonts-noto-cjk, or name one in GUILDHALL_CHROMIUM.');
}
