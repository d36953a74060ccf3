import { spawn } from 'node:child_process';
import { node24, root } from './dependencies.js';
import { passSignals } from './pass-signals.js';

/** What needs more than the dependencies is done by the Node.js that is among them, whichever the machine has. */
export const isNode24 = process.versions.node.startsWith('24.');

/** Runs a program of this repository under Node.js 24 and ends as it ends; signals go on to it. */
export function runNode(args, env = process.env) {
  const child = spawn(node24, args, { cwd: root, env, stdio: 'inherit' });
  passSignals(child);
  child.on('error', (error) => {
    process.stderr.write(`Node.js 24 could not be started (${error.message}): remove ${root}/node_modules and start again\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
