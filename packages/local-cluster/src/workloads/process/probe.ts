import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

/** What to ask of a running process, its address and port already known. Times in milliseconds. */
export interface Probe {
  readonly target: ProbeTarget;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export type ProbeTarget =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'http';
      readonly scheme: 'HTTP' | 'HTTPS';
      readonly host: string;
      readonly port: number;
      readonly path: string;
    };

/** Asks once. Undefined when all is well, otherwise what is wrong. Never throws. */
export async function attemptProbe(target: ProbeTarget, timeoutMs: number, signal: AbortSignal): Promise<string | undefined> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return target.kind === 'tcp' ? await connectOnce(target, deadline) : await getOnce(target, deadline);
  } catch (error) {
    if (deadline.aborted) return `no answer from ${target.host}:${target.port} within ${timeoutMs} ms`;
    return error instanceof Error ? error.message : String(error);
  }
}

function connectOnce(target: ProbeTarget, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port: target.port, signal });
    socket.once('connect', () => {
      resolve(undefined);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** As a kubelet: any status from 200 to 399 is success, and a server's certificate is not verified. */
function getOnce(target: ProbeTarget & { kind: 'http' }, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const send = target.scheme === 'HTTPS' ? httpsRequest : httpRequest;
    const request = send({
      host: target.host,
      port: target.port,
      path: target.path,
      headers: { 'user-agent': 'guildhall-local-cluster' },
      agent: false,
      rejectUnauthorized: false,
      signal,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      resolve(status >= 200 && status < 400 ? undefined : `GET ${target.path} answered ${status}`);
      request.destroy();
    });
    request.end();
  });
}
