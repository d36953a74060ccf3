import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { createApi, type Api } from './api.ts';
import { unexpectedLines } from './log-scan.ts';
import { killHard, processesOf, type HomeProcess } from './processes.ts';
import { until } from './until.ts';

const root = resolve(import.meta.dirname, '../../..');
/** Guards against hanging alone: on a machine that does much else, databases and builds take their time. */
const startsWithinMs = 180_000;

/** Guildhall as a child process, as a person starts it. */
export interface Guildhall {
  readonly api: Api;
  readonly url: string;
  /** How long it took until it said that it is ready. */
  readonly readyAfterMs: number;
  /** Everything that it has printed. */
  output(): string;
  /** Waits until it prints something. */
  says(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Ctrl-C: waits for the end, expects success and that nothing of the home runs any more. */
  stop(): Promise<void>;
  /** SIGKILL of Guildhall's process alone. */
  killHard(): Promise<void>;
}

/** A process that was started and may not have become ready. */
export interface Started {
  output(): string;
  /** Ctrl-C. */
  interrupt(): void;
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  ready(): Promise<Guildhall>;
}

export interface StartOptions {
  args?: string[];
  /** Through the set-up script, as `npm start` does. */
  withSetUp?: boolean;
  env?: Record<string, string>;
}

/** A GUILDHALL_HOME of one test file, with a port that stays the same over restarts. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  readonly port: number;
  launch(options?: StartOptions): Started;
  /** Starts it and waits until it is ready. */
  start(options?: StartOptions): Promise<Guildhall>;
  processes(): HomeProcess[];
  /** Error lines of the log that are explained by what the test does. */
  expectErrors(...patterns: RegExp[]): void;
}

/**
 * A port that keeps free until Guildhall takes it, and while it is away: not one of those that the system gives to connections (from 32768 on), of
 * which many are made meanwhile.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(12_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') continue;
      throw error;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** What a person's shell would give: nothing of the test run's own settings. */
export function userEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GUILDHALL_') && !name.startsWith('NODE_'));
  return Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
}

/** With `closed`, below a folder that other accounts cannot pass through, as a clone in somebody's own folder often is. */
export async function createHome({ closed = false }: { closed?: boolean } = {}): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-e2e-'));
  const path = closed ? join(folder, 'home') : folder;
  const port = await freePort();
  const expected: RegExp[] = [];
  const complaints: string[] = [];

  const launch = ({ args = [], withSetUp = false, env = {} }: StartOptions = {}): Started => {
    const began = Date.now();
    const program = withSetUp ? 'scripts/start.js' : 'services/standalone/src/main.ts';
    const child = spawn(process.execPath, [join(root, program), ...args], {
      cwd: root,
      env: { ...userEnvironment(), GUILDHALL_HOME: path, GUILDHALL_PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      complaints.push(chunk.toString().trim());
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const says = async (pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray> => {
      const look = (): RegExpExecArray | 'ended' | undefined => pattern.exec(output) ?? (hasEnded() ? 'ended' : undefined);
      const found = await until(`Guildhall says ${pattern}`, look, timeoutMs).catch((error: unknown) => assert.fail(`${String(error)}; it said:\n${output}`));
      return found === 'ended' ? assert.fail(`Guildhall ended without saying ${pattern}; it said:\n${output}`) : found;
    };
    const ready = async (): Promise<Guildhall> => {
      const url = (await says(/^Guildhall is ready: (\S+)$/m, startsWithinMs))[1] ?? '';
      const readyAfterMs = Date.now() - began;
      return {
        api: createApi(url, readFileSync(join(path, 'admin-token'), 'utf8').trim()),
        url,
        readyAfterMs,
        output: () => output,
        says,
        stop: async () => {
          child.kill('SIGINT');
          await until('Guildhall has ended after Ctrl-C', hasEnded);
          assert.equal(await ended, 0, `Guildhall ended with an error:\n${output}`);
          assert.deepEqual(processesOf(path).map(({ command }) => command), [], 'something was left running');
        },
        killHard: async () => {
          for (const found of processesOf(path).filter(({ kind }) => kind === 'guildhall')) await killHard(found);
          await ended;
        },
      };
    };
    return { output: () => output, interrupt: () => void child.kill('SIGINT'), ended, ready };
  };

  return {
    path,
    port,
    launch,
    start: (options) => launch(options).ready(),
    processes: () => processesOf(path),
    expectErrors: (...patterns) => void expected.push(...patterns),
    /** Ends whatever a failed test left, by process id; then the logs are read and the folder goes. */
    [Symbol.asyncDispose]: async () => {
      for (let left = processesOf(path); left.length > 0; left = processesOf(path)) await Promise.all(left.map(killHard));
      const unexpected = [...unexpectedLines(path, expected), ...complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))];
      if (process.env['GUILDHALL_E2E_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
      assert.deepEqual(unexpected, [], 'the logs tell of errors that nobody expected');
    },
  };
}

/** A home for one story. When the story fails, its own error is told, with what the logs say beside it. */
export async function inHome(t: TestContext, story: (home: Home) => Promise<void>, options?: Parameters<typeof createHome>[0]): Promise<void> {
  const home = await createHome(options);
  const failed = await story(home).then(() => undefined, (error: unknown) => ({ error }));
  const complaint = await home[Symbol.asyncDispose]().then(() => undefined, (error: unknown) => ({ error }));
  if (failed === undefined) {
    if (complaint !== undefined) throw complaint.error;
    return;
  }
  if (complaint !== undefined) t.diagnostic(String(complaint.error));
  throw failed.error;
}
