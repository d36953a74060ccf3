import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guildhall/kubernetes';
import type { ContainerLog } from './container-log.ts';
import { NotStartableError, unknownExitCode, type ContainerStatus, type Terminated, type Waiting } from './container-status.ts';
import { startedAt } from './identity.ts';
import { inherit } from './inherit.ts';
import { adoptProcess, LaunchError, launchProcess, stopProcess, type ProcessExit, type RunningProcess } from './process.ts';
import { writeRecord, type ProcessRecord } from './process-record.ts';
import { watchHealth, type ContainerProbes } from './prober.ts';
import { restartDelay } from './restart-backoff.ts';
import { tagVariables, type TaggedProcess } from './tags.ts';

export interface ContainerPlan {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

export interface ContainerEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface ContainerOptions {
  readonly clusterId: string;
  readonly podUid: string;
  readonly name: string;
  /** Holds the record of the process; kept between runs of this program. */
  readonly folder: string;
  readonly log: ContainerLog;
  /** Throws NotStartableError when they cannot be understood. */
  readonly probes: () => ContainerProbes;
  /** Makes everything ready for a start; throws NotStartableError to be asked again later. */
  readonly prepare: () => ContainerPlan | Promise<ContainerPlan>;
  /** The processes of this container that run already, from an earlier run of this program. */
  readonly found: readonly TaggedProcess[];
  readonly onStatus: (status: ContainerStatus) => void;
  readonly onEvent: (event: ContainerEvent) => void;
  readonly now: () => number;
  readonly logger: Logger;
}

export interface Container {
  readonly status: ContainerStatus;
  /** Runs the program and starts it again whenever it ends, until `stop` or `leave`. */
  run(): Promise<void>;
  /** Something it may wait for has changed. */
  nudge(): void;
  /** Ends the process: SIGTERM, then SIGKILL after the grace. A second call can only shorten the grace. */
  stop(graceMs: number): void;
  /** Stops looking after the process and lets it run. */
  leave(): void;
}

export function createContainer(options: ContainerOptions): Container {
  const { name, folder, log, now, onEvent } = options;
  const stopping = new AbortController();
  const leaving = new AbortController();
  const ending = AbortSignal.any([stopping.signal, leaving.signal]);
  let grace = Number.POSITIVE_INFINITY;
  let hurry = (): void => undefined;
  let wake = (): void => undefined;
  let endsInARow = 0;
  let instance = 0;
  let status: ContainerStatus = {
    state: { kind: 'waiting', reason: 'ContainerCreating', message: '' },
    restartCount: 0,
    started: false,
    ready: false,
  };

  function report(change: Partial<ContainerStatus>): void {
    status = { ...status, ...change };
    options.onStatus(status);
  }

  function takeOver(): RunningProcess | undefined {
    const { running, restartCount, last } = inherit(folder, options.found, now());
    instance = restartCount;
    if (last !== undefined) status = { ...status, restartCount, last };
    if (running === undefined) return undefined;
    log.resume(instance);
    remember({ restartCount, process: running, startedAt: startedAt(running, now()) });
    return adoptProcess(running);
  }

  /** A full disk must not end a running process, nor start a second one: its tag alone is enough to find it again. */
  function remember(record: ProcessRecord): void {
    try {
      writeRecord(folder, record);
    } catch (error) {
      options.logger.error({ err: error, container: name }, 'the record of a process could not be written');
    }
  }

  async function start(): Promise<RunningProcess | undefined> {
    while (!ending.aborted) {
      try {
        options.probes();
        const plan = await options.prepare();
        if (!ending.aborted) return await launch(plan);
      } catch (error) {
        await waitToRetry(error);
      }
    }
    return undefined;
  }

  async function launch(plan: ContainerPlan): Promise<RunningProcess> {
    const tag = { clusterId: options.clusterId, podUid: options.podUid, container: name, restartCount: instance };
    const process = await launchProcess({
      command: plan.command,
      environment: { ...plan.environment, ...tagVariables(tag) },
      workingDirectory: plan.workingDirectory,
      logFile: log.begin(instance),
    });
    remember({ restartCount: instance, process: process.identity, startedAt: now() });
    onEvent({ type: 'Normal', reason: 'Started', message: `Started container ${name} as process ${process.identity.pid}` });
    return process;
  }

  async function waitToRetry(error: unknown): Promise<void> {
    const known =
      error instanceof NotStartableError
        ? error
        : new NotStartableError('CreateContainerError', error instanceof Error ? error.message : String(error), 5_000);
    if (known !== error && !(error instanceof LaunchError)) options.logger.error({ err: error, container: name }, 'a container could not be prepared');
    waitFor({ kind: 'waiting', reason: known.reason, message: known.message });
    await pause(known.retryAfterMs);
  }

  function waitFor(waiting: Waiting): void {
    const { state } = status;
    if (state.kind === 'waiting' && state.reason === waiting.reason && state.message === waiting.message) return;
    report({ state: waiting });
    onEvent({ type: 'Warning', reason: waiting.reason, message: waiting.message });
  }

  /** Sleeps until the time has passed, somebody nudges, or the container is to end. */
  async function pause(ms: number): Promise<void> {
    const awake = new AbortController();
    wake = () => awake.abort();
    const signal = AbortSignal.any([awake.signal, ending]);
    await delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Looks after one process until it ends; undefined when it was left running. */
  async function attend(process: RunningProcess): Promise<Terminated | undefined> {
    const began = startedAt(process.identity, now());
    const watching = new AbortController();
    let killedBecause: string | undefined;
    const probes = options.probes();
    report({
      state: { kind: 'running', startedAt: began, process: process.identity },
      restartCount: instance,
      started: probes.startup === undefined,
      ready: false,
    });
    const health = watchHealth(
      probes,
      {
        started: () => report({ started: true }),
        ready: (ready) => report({ ready }),
        unhealthy: (message) => onEvent({ type: 'Warning', reason: 'Unhealthy', message }),
        failed(message) {
          killedBecause = message;
          onEvent({ type: 'Warning', reason: 'Killing', message: `Container ${name} is killed and started again: ${message}` });
          process.kill();
        },
      },
      watching.signal,
    );
    try {
      const exit = await Promise.race([process.ended, health.then(() => process.ended), endOrLeave(process)]);
      if (exit === undefined) return undefined;
      log.end();
      return termination(process, exit, began, killedBecause);
    } finally {
      watching.abort();
    }
  }

  /** Undefined when the process is left running. */
  async function endOrLeave(process: RunningProcess): Promise<ProcessExit | undefined> {
    await whenAborted(ending);
    if (leaving.signal.aborted) return undefined;
    hurry = () => process.kill();
    return stopProcess(process, grace);
  }

  function termination(process: RunningProcess, exit: ProcessExit, began: number, killedBecause: string | undefined): Terminated {
    const signal = exit.signal === undefined ? undefined : constants.signals[exit.signal];
    const seen = exit.code !== undefined || signal !== undefined;
    const exitCode = exit.code ?? (signal === undefined ? unknownExitCode : 128 + signal);
    const lines = exitCode === 0 ? '' : log.lastLines(10, 2048);
    return {
      kind: 'terminated',
      exitCode,
      ...(signal === undefined ? {} : { signal }),
      reason: exitCode === 0 ? 'Completed' : seen ? 'Error' : 'ContainerStatusUnknown',
      message: [killedBecause, lines].filter(Boolean).join('\n'),
      startedAt: began,
      finishedAt: now(),
      process: process.identity,
    };
  }

  return {
    get status() {
      return status;
    },
    async run() {
      let process = takeOver();
      for (;;) {
        process ??= await start();
        if (process === undefined) return;
        const ended = await attend(process);
        if (ended === undefined) return;
        process = undefined;
        remember({ restartCount: instance, process: ended.process, startedAt: ended.startedAt, ended });
        report({ state: ended, last: ended, started: false, ready: false });
        if (ending.aborted) return;
        instance += 1;
        const restart = restartDelay(endsInARow, ended.finishedAt - ended.startedAt);
        endsInARow = restart.endsInARow;
        if (restart.delayMs > 0) await backOff(restart.delayMs, ended);
      }
    },
    nudge() {
      // A crashing program is not helped by a change elsewhere: its back-off stands.
      if (status.state.kind === 'waiting' && status.state.reason !== 'CrashLoopBackOff') wake();
    },
    stop(graceMs) {
      if (graceMs >= grace) return;
      grace = graceMs;
      if (graceMs === 0) hurry();
      stopping.abort();
    },
    leave: () => leaving.abort(),
  };

  async function backOff(delayMs: number, ended: Terminated): Promise<void> {
    const cause = ended.reason === 'ContainerStatusUnknown' ? 'ended' : `ended with exit code ${ended.exitCode}`;
    waitFor({
      kind: 'waiting',
      reason: 'CrashLoopBackOff',
      message: `container ${name} ${cause} again; it is started again in ${delayMs / 1000} s`,
    });
    await pause(delayMs);
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
