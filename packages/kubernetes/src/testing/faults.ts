import { abortable, abortableStream } from '../client/deadline.ts';
import type { Fetch, FetchInit, FetchResponse } from '../client/fetch.ts';

export interface SeenRequest {
  method: string;
  /** Path and query. */
  path: string;
}

/**
 * What goes wrong between one process and the API server. Wrap the fetch of the process's client with it; take a new plan for each life of the
 * process. Writes are numbered from 1; Leases and Events are no writes in this sense.
 */
export interface FaultPlan {
  wrap(fetch: Fetch): Fetch;
  /** Writes that were sent to the server, in order. */
  readonly writes: readonly SeenRequest[];
  /** Every request that arrived here, also those that were not passed on. */
  readonly requests: readonly SeenRequest[];
  /** Carries out write `k`, and then the process is dead: no answer, and nothing that it sends from then on arrives or is answered. */
  killAfterWrite(k: number): void;
  /** The same at once. */
  kill(): void;
  /** Resolves when the process has died. */
  readonly killed: Promise<void>;
  /** Carries out write `k` and tells the caller that the connection broke. */
  executeAndTimeout(k: number): void;
  /** Answers the next requests that match (default: all) with 429, without carrying them out. */
  throttle(times: number, retryAfterSeconds: number, match?: (request: SeenRequest) => boolean): void;
  /** Answers the next requests that match with an error, or breaks their connection, without carrying them out. */
  fail(times: number, how: { status: number } | 'reset', match?: (request: SeenRequest) => boolean): void;
  /** Breaks all open watches. */
  dropWatches(): void;
  /** Watches say nothing from now on until released: what the process knows grows old. */
  holdWatches(): { release(): void };
}

interface Fault {
  times: number;
  how: { status: number; retryAfterSeconds?: number } | 'reset';
  match: (request: SeenRequest) => boolean;
}

class ConnectionResetError extends Error {
  override readonly name = 'ConnectionResetError';
  readonly code = 'ECONNRESET';
}

const reset = (): ConnectionResetError => new ConnectionResetError('connection reset by the fault plan');

const isWrite = ({ method, path }: SeenRequest): boolean =>
  method !== 'GET' && !path.startsWith('/apis/coordination.k8s.io/') && !path.startsWith('/apis/events.k8s.io/');

const isWatch = ({ path }: SeenRequest): boolean => /[?&]watch=(true|1)\b/.test(path);

function errorResponse(status: number, retryAfterSeconds?: number): FetchResponse {
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, message: 'from the fault plan' });
  return {
    status,
    headers: { get: (name) => (name.toLowerCase() === 'retry-after' && retryAfterSeconds !== undefined ? String(retryAfterSeconds) : null) },
    body: null,
    text: () => Promise.resolve(text),
  };
}

/** Settles only when the caller gives up. */
const noAnswer = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });

export function createFaultPlan(): FaultPlan {
  const requests: SeenRequest[] = [];
  const writes: SeenRequest[] = [];
  const faults: Fault[] = [];
  const openWatches = new Set<AbortController>();
  const killed = Promise.withResolvers<void>();
  const timedOut = new Set<number>();
  let killAfter: number | undefined;
  let dead = false;
  let gate: Promise<void> | undefined;

  function dropWatches(): void {
    for (const watch of openWatches) watch.abort(reset());
  }

  function kill(): void {
    dead = true;
    killed.resolve();
  }

  async function* faulty(body: AsyncIterable<Uint8Array>, caller: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const dropped = new AbortController();
    const ended = AbortSignal.any([dropped.signal, caller]);
    openWatches.add(dropped);
    try {
      for await (const chunk of abortableStream(body, ended)) {
        if (gate) await abortable(gate, ended);
        if (dead) return;
        yield chunk;
      }
    } finally {
      openWatches.delete(dropped);
    }
  }

  async function passWrite(fetch: Fetch, url: string, init: FetchInit, request: SeenRequest): Promise<FetchResponse> {
    const k = writes.push(request);
    const response = await fetch(url, init);
    if (k === killAfter) kill();
    if (dead) return noAnswer(init.signal);
    if (timedOut.has(k)) throw reset();
    return response;
  }

  async function passRead(fetch: Fetch, url: string, init: FetchInit, request: SeenRequest): Promise<FetchResponse> {
    const response = await fetch(url, init);
    if (dead) return noAnswer(init.signal);
    if (!isWatch(request) || response.body === null || response.status !== 200) return response;
    return { status: response.status, headers: response.headers, body: faulty(response.body, init.signal), text: () => response.text() };
  }

  return {
    requests,
    writes,
    killed: killed.promise,
    kill,
    killAfterWrite(k) {
      killAfter = k;
    },
    executeAndTimeout: (k) => void timedOut.add(k),
    throttle: (times, retryAfterSeconds, match = () => true) => void faults.push({ times, how: { status: 429, retryAfterSeconds }, match }),
    fail: (times, how, match = () => true) => void faults.push({ times, how, match }),
    dropWatches,
    holdWatches() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return {
        release() {
          gate = undefined;
          held.resolve();
        },
      };
    },
    wrap: (fetch) => async (url, init) => {
      if (dead) return noAnswer(init.signal);
      const { pathname, search } = new URL(url);
      const request = { method: init.method, path: pathname + search };
      requests.push(request);
      const fault = faults.find(({ times, match }) => times > 0 && match(request));
      if (fault) {
        fault.times--;
        if (fault.how === 'reset') throw reset();
        return errorResponse(fault.how.status, fault.how.retryAfterSeconds);
      }
      return isWrite(request) ? passWrite(fetch, url, init, request) : passRead(fetch, url, init, request);
    },
  };
}
