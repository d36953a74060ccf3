import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CallOptions, HttpEndpoint } from './endpoint.ts';
import { connectError, fromHttpError } from './failure.ts';

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

/** One call on a connection of its own. Any answer of the node is a result; only no answer is an error. Default time limit 10 s. */
export async function callHttp(endpoint: HttpEndpoint, call: HttpCall): Promise<HttpAnswer> {
  const url = new URL(call.path, endpoint.url);
  const timeout = AbortSignal.timeout(call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
  try {
    return await send(url, endpoint, call, signal);
  } catch (error) {
    if (call.signal?.aborted) throw connectError('CANCELLED', url.host, '', { cause: error });
    if (timeout.aborted) throw connectError('DEADLINE_EXCEEDED', url.host, '', { cause: error });
    throw error instanceof Error ? fromHttpError(url.host, error) : error;
  }
}

function send(url: URL, endpoint: HttpEndpoint, call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const options: RequestOptions = { method: call.method, headers: { connection: 'close', ...call.headers }, agent: false, signal };
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage): void => {
      readAll(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    };
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...tlsOptions(endpoint) }, onAnswer)
        : httpRequest(url, options, onAnswer);
    request.once('error', reject);
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
