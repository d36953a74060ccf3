import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from './config.ts';
import { LocalClusterError } from './errors.ts';
import { readEndpoint, readRunningProcess } from './run-files.ts';
import { readIfThere } from './workloads/files.ts';
import { isRunning, signalProcess, type ProcessIdentity } from './workloads/process/identity.ts';

export interface LaunchOptions {
  readonly settingsFile: string;
  /** Gets what the process says, appended; moved aside at a start when it has grown beyond 10 MiB. */
  readonly logFile: string;
  /** How long the start may take; default 60 s. */
  readonly timeoutMs?: number;
}

export interface LaunchedCluster {
  /** Where the API is served: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly process: ProcessIdentity;
  /** Whether it ran already. */
  readonly adopted: boolean;
  /** Ends all pods and then the cluster; with `leavePods` the cluster alone. Resolves when it has ended. */
  stop(options?: { leavePods?: boolean }): Promise<void>;
}

/** Of the process; the starter tells by them what happened. */
export const exitCodes = { failed: 1, invalidSettings: 2, alreadyRunning: 3 } as const;

const pollMs = 20;
const largestLogBytes = 10 * 1024 * 1024;

/** Starts the local cluster as a process that outlives this one, or finds the one that runs in its home already. */
export async function launchLocalCluster({ settingsFile, logFile, timeoutMs = 60_000 }: LaunchOptions): Promise<LaunchedCluster> {
  const { home } = readSettings(settingsFile);
  const deadline = Date.now() + timeoutMs;
  const running = readRunningProcess(home);
  const identity = running ?? (await start(settingsFile, logFile, home));
  for (;;) {
    const endpoint = readEndpoint(home);
    if (endpoint !== undefined && isSame(endpoint.process, identity)) return launched(endpoint.url, identity, running !== undefined);
    if (!isRunning(identity)) throw failed(logFile, 'ended before it served its API');
    if (Date.now() > deadline) throw failed(logFile, `did not serve its API within ${timeoutMs / 1000} s`);
    await delay(pollMs);
  }
}

async function start(settingsFile: string, logFile: string, home: string): Promise<ProcessIdentity> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(logFile), { recursive: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(logFile, `${logFile}.1`);
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
      // Somebody else may have been faster; then ours has ended by itself and the process found is theirs.
      const found = readRunningProcess(home);
      if (found !== undefined) return found;
      if (exitCode !== undefined && exitCode !== exitCodes.alreadyRunning) throw failed(logFile, 'ended at once');
      await delay(pollMs);
    }
  } finally {
    closeSync(log);
  }
}

function launched(url: string, identity: ProcessIdentity, adopted: boolean): LaunchedCluster {
  return {
    url,
    process: identity,
    adopted,
    async stop({ leavePods = false } = {}) {
      signalProcess(identity, leavePods ? 'SIGHUP' : 'SIGTERM');
      while (isRunning(identity)) await delay(pollMs);
    },
  };
}

function failed(logFile: string, what: string): LocalClusterError {
  const lastLines = (readIfThere(logFile) ?? '').trim().split('\n').slice(-5).join('\n');
  return new LocalClusterError('START_FAILED', `the process of the local cluster ${what}; its log ${logFile} ends with:\n${lastLines}`);
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}
