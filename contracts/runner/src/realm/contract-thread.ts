import { Worker } from 'node:worker_threads';
import { ContractFault } from './faults.ts';
import type { RealmMessage } from './messages.ts';
import type { HostMessage } from './realm.ts';
import type { StepRequest, StepResponse, ThreadMessage } from './thread.ts';

/** One call's place in the thread. */
export interface Session {
  step(messages: readonly HostMessage[]): Promise<readonly RealmMessage[]>;
}

export interface ContractThread {
  open(): Session;
  close(): Promise<void>;
}

/** The thread ended because of another call; nothing that this one did has left it. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

export interface ThreadOptions {
  /** How long one call may run in all, without the time it waits for the ledger. */
  readonly limitMs: number;
  /**
   * Each call leaves a realm behind (0.4 MB) that only a full collection frees; without a limit V8 puts that off until there are 500 MB.
   * A contract that needs more than this loses its call.
   */
  readonly memoryMb: number;
  /** Folder in which Node.js keeps what it compiled: a thread then starts in a third of the time. */
  readonly compileCache?: string;
}

/** Runs a contract's steps in a thread, one after the other, and starts another thread after one that had to be ended. */
export function createContractThread(source: string, options: ThreadOptions): ContractThread {
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
      const call = { id: calls, usedMs: 0 };
      return { step: async (messages) => own.step(call, messages) };
    },
    close: async () => current?.close(),
  };
}

interface Call {
  readonly id: number;
  usedMs: number;
}

interface Pending {
  readonly call: Call;
  resolve(sent: readonly RealmMessage[]): void;
  reject(error: Error): void;
}

interface Generation {
  step(call: Call, messages: readonly HostMessage[]): Promise<readonly RealmMessage[]>;
  close(): Promise<void>;
}

function startGeneration(
  source: string,
  { limitMs, memoryMb, compileCache }: ThreadOptions,
  onEnd: (ended: Generation) => void,
): Generation {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: source,
    env: compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 4 },
  });
  /** In the order in which the thread works; the first is the one that runs. */
  const pending: Pending[] = [];
  let ready = false;
  let lost = false;
  let since = 0;
  let watchdog: NodeJS.Timeout | undefined;

  function watch(): void {
    clearTimeout(watchdog);
    const [running] = pending;
    if (!ready || !running) return;
    since = performance.now();
    // The answer may have arrived while this thread was busy: look again after everything that has.
    watchdog = setTimeout(() => setImmediate(() => pending[0] === running && end(timeout())), Math.max(0, limitMs - running.call.usedMs));
  }

  const timeout = (): ContractFault =>
    new ContractFault('CONTRACT_TIMEOUT', `the contract ran for more than ${limitMs} ms without answering`);

  /** Ends the thread; the call that runs gets the reason, the others may start again. */
  function end(reason: Error): void {
    if (lost) return;
    lost = true;
    clearTimeout(watchdog);
    const [running, ...others] = pending.splice(0);
    running?.reject(reason);
    for (const { reject } of others) reject(new ThreadLost('another call of this contract ended its thread'));
    onEnd(generation);
    void worker.terminate();
  }

  function receive(response: StepResponse): void {
    const running = pending.shift();
    if (!running || running.call.id !== response.call) throw new Error('the thread answered another call than the one that runs');
    running.call.usedMs += performance.now() - since;
    watch();
    if ('sent' in response) running.resolve(response.sent);
    else running.reject(new ContractFault(response.fault, response.reason));
  }

  worker.on('message', (message: ThreadMessage) => {
    if (message !== 'ready') return lost ? undefined : receive(message);
    ready = true;
    return watch();
  });
  worker.on('error', (error) => end(reasonOf(error, memoryMb)));
  worker.on('exit', () => end(new ThreadLost('the thread ended')));

  const generation: Generation = {
    step: async (call, messages) =>
      new Promise((resolve, reject) => {
        if (lost) {
          reject(new ThreadLost('another call of this contract ended its thread'));
          return;
        }
        const request: StepRequest = { call: call.id, messages };
        worker.postMessage(request, []);
        if (pending.push({ call, resolve, reject }) === 1) watch();
      }),
    async close() {
      end(new ThreadLost('the contract is closed'));
      await worker.terminate();
    },
  };
  return generation;
}

function reasonOf(error: unknown, memoryMb: number): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ContractFault('CONTRACT_BROKEN', `the contract used more than ${memoryMb} MB of memory`);
  }
  return error instanceof Error ? error : new Error('the thread of the contract failed');
}
