import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyChild, isRunning, killSession, signalGroup, signalProcess, type ProcessIdentity } from './identity.ts';

/** How a process ended. Of an adopted process nobody but its new parent learns how, so both can be missing. */
export interface ProcessExit {
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
}

export interface RunningProcess {
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended; its remaining descendants have then been killed too. */
  readonly ended: Promise<ProcessExit>;
  /** Signals the process alone, as a container's first process is signalled; false when it has ended. */
  signal(signal: NodeJS.Signals): boolean;
  /** Ends it and its descendants at once. */
  kill(): void;
}

export interface LaunchOptions {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Receives standard output and standard error, appended. */
  readonly logFile: string;
}

/** The operating system refused to start a program. */
export class LaunchError extends Error {
  constructor(program: string, cause: unknown) {
    super(`cannot start ${program}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'LaunchError';
  }
}

/** How often an adopted process is looked at; a child of ours needs no looking, the kernel tells. */
const adoptedPollMs = 200;

/**
 * Starts a program in a session of its own, so that neither the end of this process nor a terminal's Ctrl-C reaches it. It
 * writes its log by itself into a file opened for appending: no pipe breaks when this process ends.
 */
export async function launchProcess(options: LaunchOptions): Promise<RunningProcess> {
  const [program = '', ...args] = options.command;
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...options.environment },
      cwd: options.workingDirectory,
    });
    if (child.pid === undefined) {
      const [error] = await once(child, 'error');
      throw new LaunchError(program, error);
    }
    child.unref();
    const identity = identifyChild(child.pid);
    const ended = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => {
        signalGroup(identity.pid, 'SIGKILL');
        resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) });
      });
    });
    return running(identity, ended);
  } finally {
    closeSync(log);
  }
}

/** Takes charge of a process that an earlier run of this program started. */
export function adoptProcess(identity: ProcessIdentity): RunningProcess {
  return running(identity, untilGone(identity));
}

function running(identity: ProcessIdentity, ended: Promise<ProcessExit>): RunningProcess {
  return {
    identity,
    ended,
    signal: (signal) => signalProcess(identity, signal),
    kill: () => killSession(identity),
  };
}

async function untilGone(identity: ProcessIdentity): Promise<ProcessExit> {
  while (isRunning(identity)) await delay(adoptedPollMs, undefined, { ref: false });
  signalGroup(identity.pid, 'SIGKILL');
  return {};
}

/** Asks a process to end, and ends it when it has not within the time given. */
export async function stopProcess(process: RunningProcess, graceMs: number): Promise<ProcessExit> {
  if (!process.signal('SIGTERM')) return process.ended;
  const timer = setTimeout(() => process.kill(), graceMs);
  try {
    return await process.ended;
  } finally {
    clearTimeout(timer);
  }
}
