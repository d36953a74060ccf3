import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs in the background, each known by a name, with its log in a folder. */
export interface Processes {
  readonly folder: string;
  start(name: string, program: string, args: readonly string[], environment?: Readonly<Record<string, string>>): void;
  /** Ends it and waits until it has. */
  end(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** How one that was not told to end has ended; undefined while all of them run. */
  fault(): string | undefined;
  /** The last of what it said. */
  logOf(name: string): string;
  /** Ends all of them, the latest first. */
  stop(): Promise<void>;
}

export const logFile = (folder: string, name: string): string => join(folder, `${name}.log`);
export const lastOf = (file: string): string => readFileSync(file, 'utf8').slice(-4000);

/** As children of this process; none outlives it. */
export function createProcesses(folder: string): Processes {
  const running = new Map<string, ChildProcess>();
  const faults: string[] = [];
  const killAll = (): void => {
    for (const child of running.values()) child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  const end = async (name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const child = running.get(name);
    running.delete(name);
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    folder,
    start: (name, program, args, environment = {}) => {
      const log = openSync(logFile(folder, name), 'a');
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
      closeSync(log);
      running.set(name, child);
      const told = (how: string): void => {
        if (running.get(name) === child) faults.push(`${name} ended: ${how}\n${lastOf(logFile(folder, name))}`);
      };
      child.on('error', (error) => told(error.message));
      child.on('exit', (code, signal) => told(String(signal ?? code)));
    },
    end,
    fault: () => faults[0],
    logOf: (name) => lastOf(logFile(folder, name)),
    stop: async () => {
      for (const name of [...running.keys()].toReversed()) await end(name);
      process.removeListener('exit', killAll);
    },
  };
}
