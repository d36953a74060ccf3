import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that runs until it is stopped; stopping and killing end this process only, by its id. */
export interface RunningProcess {
  readonly name: string;
  readonly logFile: string;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end, and ends it after 5 s. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export function startProcess(options: {
  name: string;
  program: string;
  args?: readonly string[];
  env: Record<string, string>;
  logFile: string;
}): RunningProcess {
  const { name, program, args = [], env, logFile } = options;
  const child: ChildProcess = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const endBy = async (signal: NodeJS.Signals): Promise<void> => {
    if (isRunning()) child.kill(signal);
    await ended;
  };
  return {
    name,
    logFile,
    isRunning,
    signal: (signal) => void child.kill(signal),
    async stop() {
      const giveUp = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await endBy('SIGTERM').finally(() => clearTimeout(giveUp));
      log.end();
    },
    async kill() {
      await endBy('SIGKILL');
      log.end();
    },
  };
}

/** Tries again until `check` gives a value, and fails with what it last said and the end of the process' log. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined>,
  { timeoutMs = 180_000, everyMs = 50, process }: { timeoutMs?: number; everyMs?: number; process?: RunningProcess } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    if (process && !process.isRunning()) break;
    try {
      const value = await check();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  const log = process ? `\n${(await readFile(process.logFile, 'utf8')).split('\n').slice(-30).join('\n')}` : '';
  throw new Error(`${what}: not within ${timeoutMs / 1000} s${log}`, { cause: last });
}

/** Whether something listens there. A node says that it is healthy a moment before its gRPC port listens. */
export function listens(host: string, port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}
