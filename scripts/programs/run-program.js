import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';

const KEPT = 64 * 1024;

/**
 * Runs a program to its end; rejects when it cannot be started, or has ended because it did not in `timeoutMs` or is no longer
 * wanted. Keeps the last 64 KiB of each stream. With `isFamily` what the program starts is ended with it: not every program passes signals on.
 *
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, signal?: AbortSignal, isFamily?: boolean, priority?: number, onStderrLine?: (line: string) => void }} options
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export async function runProgram(program, args, { cwd, env, timeoutMs, signal, isFamily = false, priority, onStderrLine } = {}) {
  const ends = [signal, timeoutMs && AbortSignal.timeout(timeoutMs)].filter(Boolean);
  const end = ends.length > 0 ? AbortSignal.any(ends) : undefined;
  end?.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(end && !isFamily ? { signal: end } : {}),
    detached: isFamily,
    // Go ends its compilers with it when it is interrupted; what hangs is not asked.
    killSignal: timeoutMs ? 'SIGKILL' : 'SIGINT',
  });
  if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout = (stdout + text).slice(-KEPT)));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-KEPT)));
  if (onStderrLine) createInterface({ input: child.stderr }).on('line', onStderrLine);
  return new Promise((resolve, reject) => {
    let failure;
    const endFamily = () => {
      failure = end.reason;
      const isOver = child.exitCode !== null || child.signalCode !== null;
      if (!isOver) process.kill(-child.pid, 'SIGTERM');
    };
    if (isFamily && child.pid !== undefined) end?.addEventListener('abort', endFamily, { once: true });
    child.once('error', (error) => {
      // What runs is told to end and has not yet.
      if (child.pid === undefined) reject(error);
      else failure = error;
    });
    child.once('close', (code) => {
      end?.removeEventListener('abort', endFamily);
      if (failure) reject(failure);
      else resolve({ code, stdout, stderr });
    });
  });
}
