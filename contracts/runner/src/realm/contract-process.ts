import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ContractFault } from './faults.ts';
import type { RealmMessage } from './messages.ts';
import type { HostMessage } from './realm.ts';
import type { ProcessMessage, ProcessRequest, StepResponse } from './realm-process.ts';

/** One call's place in the process. */
export interface Session {
  step(messages: readonly HostMessage[]): Promise<readonly RealmMessage[]>;
  /** Lets go of the call's realm, if the call ends before the contract has answered. */
  close(): void;
}

export interface ContractProcess {
  open(): Session;
  close(): void;
}

/** The process ended because of another call; nothing that this one did has left it. */
export class ProcessLost extends Error {
  override readonly name = 'ProcessLost';
}

export interface ProcessOptions {
  /** How long one call may run in all, without the time it waits for the ledger. */
  readonly limitMs: number;
  /**
   * Each call leaves a realm behind (0.4 MB) that only a full collection frees; without a limit V8 puts that off until there are 500 MB.
   * A contract that needs more than this loses its call.
   */
  readonly memoryMb: number;
  /** Nothing by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const program = fileURLToPath(new URL('./realm-process.ts', import.meta.url));
const another = 'another call of this contract ended its process';

/**
 * Runs a contract's steps in a process of their own, one after the other, and starts another process after one that had to be ended. A
 * thread would not do: V8 aborts the whole process when a single allocation is too large, and some of its loops end for no request.
 */
export function createContractProcess(source: string, options: ProcessOptions): ContractProcess {
  let current: Generation | undefined;
  let calls = 0;

  function generation(): Generation {
    current ??= startGeneration(source, options, (ended) => {
      if (current === ended) current = undefined;
    });
    return current;
  }
  generation();

  return {
    open() {
      const own = generation();
      calls += 1;
      const call = { id: calls, usedMs: 0, waits: false };
      return {
        step: async (messages) => own.step(call, messages),
        close: () => own.forget(call),
      };
    },
    close: () => current?.close(),
  };
}

interface Call {
  readonly id: number;
  usedMs: number;
  /** Its realm is kept, because it has asked for something. */
  waits: boolean;
}

interface Pending {
  readonly call: Call;
  resolve(sent: readonly RealmMessage[]): void;
  reject(error: Error): void;
}

interface Generation {
  step(call: Call, messages: readonly HostMessage[]): Promise<readonly RealmMessage[]>;
  forget(call: Call): void;
  close(): void;
}

function startGeneration(
  source: string,
  { limitMs, memoryMb, environment = {} }: ProcessOptions,
  onEnd: (ended: Generation) => void,
): Generation {
  const child = fork(program, {
    env: { ...environment },
    execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=2'],
    // Even a process that was taken over can hand in nothing but data.
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  /** In the order in which the process works; the first is the one that runs. */
  const pending: Pending[] = [];
  let complaint = '';
  let ready = false;
  let lost = false;
  let watchdog: NodeJS.Timeout | undefined;

  function watch(): void {
    clearTimeout(watchdog);
    const [running] = pending;
    if (!ready || !running) return;
    // The answer may have arrived while this process was busy: look again after everything that has.
    watchdog = setTimeout(() => setImmediate(() => pending[0] === running && end(timeout())), Math.max(0, limitMs - running.call.usedMs));
  }

  const timeout = (): ContractFault =>
    new ContractFault('CONTRACT_TIMEOUT', `the contract ran for more than ${limitMs} ms without answering`);

  const kill = (): void => void child.kill('SIGKILL');

  /** Ends the process; the call that runs gets the reason, the others may start again. */
  function end(reason: Error): void {
    if (lost) return;
    lost = true;
    clearTimeout(watchdog);
    process.off('exit', kill);
    kill();
    const [running, ...others] = pending.splice(0);
    running?.reject(reason);
    for (const { reject } of others) reject(new ProcessLost(another));
    onEnd(generation);
  }

  function receive(response: StepResponse): void {
    const running = pending.shift();
    if (!running || running.call.id !== response.call) {
      end(new ContractFault('CONTRACT_BROKEN', 'the process of the contract answered another call than the one that runs'));
      running?.reject(new ProcessLost(another));
      return;
    }
    running.call.usedMs += response.tookMs;
    watch();
    if ('sent' in response) {
      running.call.waits = response.waits;
      running.resolve(response.sent);
    } else running.reject(new ContractFault(response.fault, response.reason));
  }

  function send(request: ProcessRequest): void {
    child.send(request, (error) => error && end(new ProcessLost('the process of the contract cannot be reached')));
  }

  child.on('message', (message: ProcessMessage) => {
    if (lost) return undefined;
    if (message !== 'ready') return receive(message);
    ready = true;
    return watch();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (complaint.length < 4096) complaint += chunk.toString('utf8');
  });
  child.on('error', (error) => end(error));
  child.on('close', (code, signal) => end(reasonOf(signal ?? `code ${code}`, complaint, memoryMb)));
  process.on('exit', kill);
  send({ source });

  const generation: Generation = {
    step: async (call, messages) =>
      new Promise((resolve, reject) => {
        if (lost) {
          reject(new ProcessLost(another));
          return;
        }
        call.waits = false;
        send({ call: call.id, messages });
        if (pending.push({ call, resolve, reject }) === 1) watch();
      }),
    forget(call) {
      if (call.waits && !lost) send({ forget: call.id });
      call.waits = false;
    },
    close: () => end(new ProcessLost('the contract is closed')),
  };
  return generation;
}

/** V8 aborts when it gets no more memory, and says so. */
function reasonOf(how: string, complaint: string, memoryMb: number): ContractFault {
  if (how === 'SIGABRT' && /out of memory|Allocation failed/i.test(complaint))
    return new ContractFault('CONTRACT_BROKEN', `the contract used more than ${memoryMb} MB of memory`);
  const detail = complaint.split('\n').find((line) => /error|fatal/i.test(line));
  return new ContractFault('CONTRACT_BROKEN', `the process of the contract ended (${how})${detail === undefined ? '' : `: ${detail.trim()}`}`);
}
