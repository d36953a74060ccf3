import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from './config.ts';
import { LocalClusterError } from './errors.ts';
import { readEndpoint, readRunningProcess } from './run-files.ts';
import { readIfThere } from './workloads/files.ts';
import { endPodsOf, podsRun } from './workloads/process/end-all.ts';
import { isRunning, isSameProcess, signalProcess, type ProcessIdentity } from './workloads/process/identity.ts';

export interface LaunchOptions {
  readonly settingsFile: string;
  /** Gets what the process says, appended; whoever starts it keeps it from growing without end. */
  readonly logFile: string;
  /** How long the start may take; default 60 s. */
  readonly timeoutMs?: number;
  /**
   * Whether one that runs already is replaced, its pods running on: it has the code, the rules and the settings of the time it was
   * started. Otherwise it is taken as it is.
   */
  readonly renew?: boolean;
}

export interface LaunchedCluster {
  /** Where the API is served: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly process: ProcessIdentity;
  /** Whether it ran already, be it in a process that was replaced, or pods of it did. */
  readonly adopted: boolean;
  /** Ends all pods and then the cluster; with `leavePods` the cluster alone. Resolves when they have ended, also when the cluster has crashed or hangs. */
  stop(options?: { leavePods?: boolean }): Promise<void>;
}

/** Of the process; the starter tells by them what happened. */
export const exitCodes = { failed: 1, invalidSettings: 2, alreadyRunning: 3 } as const;

const pollMs = 20;
/** A process that has not ended by then hangs: itself alone it ends at once, its pods have up to half a minute. */
const hangsAfterMs = { leaving: 10_000, ending: 60_000 };

/** Starts the local cluster as a process that outlives this one, or finds the one that runs in its home already. */
export async function launchLocalCluster({ settingsFile, logFile, timeoutMs = 60_000, renew = false }: LaunchOptions): Promise<LaunchedCluster> {
  const { home } = readSettings(settingsFile);
  const found = readRunningProcess(home);
  const adopted = found !== undefined || podsRun(home);
  if (renew && found !== undefined) await end(found, 'SIGHUP', hangsAfterMs.leaving);
  const deadline = Date.now() + timeoutMs;
  const identity = (renew ? undefined : found) ?? (await start(settingsFile, logFile, home, deadline));
  for (;;) {
    const endpoint = readEndpoint(home);
    if (endpoint !== undefined && isSameProcess(endpoint.process, identity)) return launched(home, endpoint.url, identity, adopted);
    if (!isRunning(identity)) throw failed(logFile, 'ended before it served its API');
    if (Date.now() > deadline) {
      const failure = failed(logFile, `did not serve its API within ${timeoutMs / 1000} s`);
      await end(identity, 'SIGHUP', hangsAfterMs.leaving); // nobody would ever end it
      throw failure;
    }
    await delay(pollMs);
  }
}

/** Resolves with the process that runs in this home: ours, or that of somebody who was faster. */
async function start(settingsFile: string, logFile: string, home: string, deadline: number): Promise<ProcessIdentity> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(logFile), { recursive: true });
  for (;;) {
    const exitCode = await spawnMain(settingsFile, logFile, home);
    const found = readRunningProcess(home);
    if (found !== undefined) return found;
    // Somebody holds the home who does not say so (any more): it ends, or has just begun.
    if (exitCode !== exitCodes.alreadyRunning) throw failed(logFile, 'ended at once');
    if (Date.now() > deadline) throw failed(logFile, 'finds its home in use by a process that does not serve it');
    await delay(pollMs);
  }
}

/** Resolves when a process runs in this home, undefined then, or when the one that was started has ended, with its exit code. */
async function spawnMain(settingsFile: string, logFile: string, home: string): Promise<number | null | undefined> {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const main = join(import.meta.dirname, 'main.ts');
    // Halves the time of every start but the first.
    const env = { NODE_COMPILE_CACHE: join(home, 'compile-cache'), ...process.env };
    const child = spawn(process.execPath, [main, settingsFile], { detached: true, stdio: ['ignore', log, log], cwd: '/', env });
    if (child.pid === undefined) {
      const [error] = await once(child, 'error');
      throw failed(logFile, `could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
    child.unref();
    let exitCode: number | null | undefined;
    child.once('exit', (code) => (exitCode = code));
    for (;;) {
      if (exitCode !== undefined || readRunningProcess(home) !== undefined) return exitCode;
      await delay(pollMs);
    }
  } finally {
    closeSync(log);
  }
}

function launched(home: string, url: string, identity: ProcessIdentity, adopted: boolean): LaunchedCluster {
  return {
    url,
    process: identity,
    adopted,
    async stop({ leavePods = false } = {}) {
      await end(identity, leavePods ? 'SIGHUP' : 'SIGTERM', leavePods ? hangsAfterMs.leaving : hangsAfterMs.ending);
      // For one that had crashed, or hung.
      if (!leavePods) await endPodsOf(home);
    },
  };
}

async function end(identity: ProcessIdentity, signal: 'SIGHUP' | 'SIGTERM', hangsAfter: number): Promise<void> {
  const deadline = Date.now() + hangsAfter;
  signalProcess(identity, signal);
  while (isRunning(identity)) {
    if (Date.now() > deadline) signalProcess(identity, 'SIGKILL');
    await delay(pollMs);
  }
}

function failed(logFile: string, what: string): LocalClusterError {
  const lastLines = (readIfThere(logFile) ?? '').trim().split('\n').slice(-5).join('\n');
  return new LocalClusterError('START_FAILED', `the process of the local cluster ${what}; its log ${logFile} ends with:\n${lastLines}`);
}
