import { backoff, type Clock, sleep } from '../clock.ts';
import { ApiError, apiErrorOf, type Status, TransportError } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { abortable, abortableStream, createDeadline, type Deadline, transportErrorOf } from './deadline.ts';
import type { Fetch, FetchResponse } from './fetch.ts';

export interface Call {
  /** The call in words, for errors. */
  words: string;
  verb: string;
  kind: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  contentType?: string;
  body?: string;
  /** Sending it twice has the effect of sending it once: it is sent again when the outcome of the first is unknown. */
  idempotent: boolean;
  signal?: AbortSignal | undefined;
  /** Of a stream: told when the head of a success is there. */
  onOpen?: (() => void) | undefined;
}

export interface CallOutcome {
  verb: string;
  kind: string;
  /** The HTTP status, or the code of the TransportError. */
  status: string;
  seconds: number;
}

export interface TransportOptions {
  server: string;
  credentials: Credentials;
  fetch: Fetch;
  clock: Clock;
  random: () => number;
  timeoutMs: number;
  /** How often a call is sent at most. */
  attempts: number;
  onCall: (outcome: CallOutcome) => void;
}

export interface Transport {
  /** Sends, retries what may be retried, and gives the parsed body of a success. */
  json(call: Call): Promise<unknown>;
  /** Sends once and gives the body of a success as it arrives; the time limit holds until the head of the answer is there. */
  stream(call: Call): AsyncIterable<Uint8Array>;
}

const retryBackoff = { baseMs: 50, maxMs: 2_000 };
/** A server that wants more patience than this gets its error back: whoever called knows better what to do meanwhile. */
const longestRetryAfterSeconds = 10;
/** 500 is not among them: the API server also answers it to what fails the same way each time. */
const transient = new Set([502, 503, 504]);

export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/** Whether the call may be sent again. 429 and an unreachable server mean that it was not carried out; the rest leaves that open. */
export function mayRetry(error: unknown, idempotent: boolean): boolean {
  if (error instanceof ApiError) {
    if ((error.retryAfterSeconds ?? 0) > longestRetryAfterSeconds) return false;
    return error.status === 429 || (idempotent && transient.has(error.status));
  }
  return error instanceof TransportError && (error.code === 'Unreachable' || (idempotent && error.code === 'Interrupted'));
}

function parse(text: string, words: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TransportError('BadResponse', `${words}: the answer is not JSON; is this address a Kubernetes API server?`, { cause });
  }
}

function statusIn(text: string): Status | undefined {
  try {
    const body = JSON.parse(text) as Status | null;
    return body?.kind === 'Status' ? body : undefined;
  } catch {
    return undefined; // a proxy's HTML page, say: the HTTP status tells enough
  }
}

export function createTransport(options: TransportOptions): Transport {
  const { server, credentials, fetch, clock, random, timeoutMs, attempts, onCall } = options;
  const origin = server.replace(/\/+$/, '');

  async function send(call: Call, signal: AbortSignal, fresh: boolean): Promise<FetchResponse> {
    const token = await credentials.token({ fresh });
    signal.throwIfAborted();
    return abortable(
      fetch(origin + call.path, {
        method: call.method,
        headers: {
          accept: 'application/json',
          ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
        signal,
      }),
      signal,
    );
  }

  async function sendWithCredentials(call: Call, signal: AbortSignal): Promise<FetchResponse> {
    const response = await send(call, signal, false);
    if (response.status !== 401 || !credentials.renewable) return response;
    await response.text(); // frees the connection
    return send(call, signal, true);
  }

  /** Turns an answer that is not a success into its error. */
  async function succeed(call: Call, response: FetchResponse, signal: AbortSignal): Promise<FetchResponse> {
    if (response.status < 300) return response;
    const text = await abortable(response.text(), signal);
    throw apiErrorOf(response.status, statusIn(text), call.words, retryAfterOf(response.headers.get('retry-after'), clock.now()));
  }

  /** Runs one attempt under its deadline, reports how it ended, and gives errors their types. */
  async function attempt<T>(call: Call, deadline: Deadline, run: (response: FetchResponse) => Promise<T>): Promise<T> {
    const started = clock.monotonic();
    const report = (status: string): void =>
      onCall({ verb: call.verb, kind: call.kind, status, seconds: (clock.monotonic() - started) / 1000 });
    try {
      const response = await succeed(call, await sendWithCredentials(call, deadline.signal), deadline.signal);
      const result = await run(response);
      report(String(response.status));
      return result;
    } catch (error) {
      if (error instanceof ApiError) {
        report(String(error.status));
        throw error;
      }
      const failure = transportErrorOf(error, call.words, deadline.signal);
      report(failure instanceof TransportError ? failure.code : 'Aborted');
      throw failure;
    }
  }

  async function once(call: Call): Promise<unknown> {
    using deadline = createDeadline(clock, timeoutMs, call.words, call.signal);
    return await attempt(call, deadline, async (response) => parse(await abortable(response.text(), deadline.signal), call.words));
  }

  return {
    async json(call) {
      for (let sent = 1; ; sent++) {
        try {
          return await once(call);
        } catch (error) {
          if (sent >= attempts || call.signal?.aborted || !mayRetry(error, call.idempotent)) throw error;
          const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
          await sleep(clock, asked + backoff(sent - 1, retryBackoff, random), call.signal);
          call.signal?.throwIfAborted();
        }
      }
    },

    async *stream(call) {
      using deadline = createDeadline(clock, timeoutMs, call.words, call.signal);
      const { body } = await attempt(call, deadline, (response) => Promise.resolve(response));
      deadline.lift();
      call.onOpen?.();
      if (body === null) return;
      try {
        for await (const chunk of abortableStream(body, deadline.signal)) yield chunk;
      } catch (error) {
        throw transportErrorOf(error, call.words, deadline.signal);
      } finally {
        deadline.end();
      }
    },
  };
}
