import { spawn } from 'node:child_process';
import { node24, root } from './dependencies.js';

/** Runs a program of this repository under Node.js 24 and ends as it ends; signals go on to it. */
export function runNode(args, env = process.env) {
  const child = spawn(node24, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Node.js 24 could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
