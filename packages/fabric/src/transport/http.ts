import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CallOptions, HttpEndpoint } from './endpoint.ts';
import { connectError, fromHttpError } from './failure.ts';
import { linkSignals } from './link-signals.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpCall extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Record<string, string | number>;
  readonly body?: Uint8Array;
}

/** Any answer of the node is a result; only no answer is an error. Reads share connections; a write has one of its own. Default time limit 10 s. */
export async function callHttp(endpoint: HttpEndpoint, call: HttpCall): Promise<HttpAnswer> {
  const url = new URL(call.path, endpoint.url);
  const limit = linkSignals([call.signal], call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    return await sendTwice(url, endpoint, call, limit.signal);
  } catch (error) {
    if (limit.timedOut) throw connectError('DEADLINE_EXCEEDED', url.host, '', { cause: error });
    if (limit.signal.aborted) throw connectError('CANCELLED', url.host, '', { cause: error });
    throw error instanceof Error ? fromHttpError(url.host, error) : error;
  } finally {
    limit.release();
  }
}

/** The node has closed the connection that was kept, as this call set out on it: it says nothing of the node. */
class StaleConnection extends Error {}

async function sendTwice(url: URL, endpoint: HttpEndpoint, call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  if (call.method !== 'GET') return send(url, endpoint, call, signal, 'close');
  try {
    return await send(url, endpoint, call, signal, 'keep');
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return send(url, endpoint, call, signal, 'close');
  }
}

function send(url: URL, endpoint: HttpEndpoint, call: HttpCall, signal: AbortSignal, connection: 'keep' | 'close'): Promise<HttpAnswer> {
  // Node's own agents keep a connection for 5 s, apart for each set of roots and client certificate, and do not hold up the end of the process.
  const options: RequestOptions =
    connection === 'keep' ? { method: call.method, headers: { ...call.headers }, signal } : { method: call.method, headers: { connection: 'close', ...call.headers }, agent: false, signal };
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage): void => {
      readAll(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    };
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...tlsOptions(endpoint) }, onAnswer)
        : httpRequest(url, options, onAnswer);
    // Not once: a second error, behind the answer, would end the process.
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    request.end(call.body);
  });
}

function tlsOptions({ tlsRoots = [], client }: HttpEndpoint): { ca: string[]; cert?: string; key?: string } {
  return { ca: [...tlsRoots], ...(client ? { cert: client.certificate, key: client.key } : {}) };
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
