import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sleep, systemClock, type Clock, type Logger } from '@guildhall/kubernetes';
import type { Admission } from '../callers/admission.ts';
import { TransactionError } from '../errors.ts';
import type { LedgerGateway } from '../gateway.ts';
import { perform } from './calls.ts';
import { frames } from './frames.ts';
import { HEARTBEAT_MS, isCallName, MAX_REQUEST_BYTES, pathOf, type CallName, type ServedGateway } from './protocol.ts';
import { parseRequest, readBody, Refusal } from './read-request.ts';
import { errorToWire, type WireError } from './wire-error.ts';
import { toWire } from './wire-value.ts';

/** A stream ends then, and its caller goes on with a token that is judged anew. */
const STREAM_MS = 5 * 60_000;
const MAX_STREAMS = 1_000;
const MAX_CONNECTIONS = 4_000;

export interface CallEnd {
  readonly call: CallName;
  /** `ok`, the code of an error, `fault`, or `refused`. */
  readonly outcome: string;
  readonly seconds: number;
}

export interface GatewayServerOptions {
  readonly gateway: ServedGateway & Pick<LedgerGateway, 'withSignal'>;
  readonly admission: Admission;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Told of every call's end, for metrics. */
  readonly onCall?: (end: CallEnd) => void;
  readonly heartbeatMs?: number;
  readonly streamMs?: number;
}

export interface GatewayServer {
  /** For connections from now on; those that are open go on. PEM. */
  useCertificate(certificate: { readonly certificate: string; readonly key: string }): void;
  /** Port 0 takes a free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>;
  /** Takes no more calls, lets those under way come to their end for so long, and ends the rest. */
  close(patienceMs: number): Promise<void>;
}

export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { gateway, admission, logger, clock = systemClock, onCall, heartbeatMs = HEARTBEAT_MS, streamMs = STREAM_MS } = options;
  const ending = new AbortController();
  const underWay = new Map<Promise<void>, AbortController>();
  const idle = { tell: (): void => undefined };
  let streams = 0;

  const server = createServer({
    minVersion: 'TLSv1.3',
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    maxHeaderSize: 32 * 1024,
  });
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const call = new AbortController();
    response.once('close', () => call.abort());
    const work = serve(request, response, call).finally(() => {
      underWay.delete(work);
      if (underWay.size === 0) idle.tell();
    });
    underWay.set(work, call);
  };
  server.on('request', take);
  // The body is asked for when it is known who calls.
  server.on('checkContinue', take);
  server.maxConnections = MAX_CONNECTIONS;

  /** Never rejects. */
  async function serve(request: IncomingMessage, response: ServerResponse, call: AbortController): Promise<void> {
    const startedAt = clock.monotonic();
    const name = nameOf(request);
    const outcome = await answer(request, response, name, call).catch((error: unknown) => tell(response, error, name));
    if (name !== undefined) onCall?.({ call: name, outcome, seconds: (clock.monotonic() - startedAt) / 1000 });
  }

  /** Gives what became of the call, for the metrics. */
  async function answer(request: IncomingMessage, response: ServerResponse, name: CallName | undefined, call: AbortController): Promise<string> {
    if (ending.signal.aborted) throw endingRefusal();
    await admit(request);
    if (name === undefined) throw unknownCall();
    const body = await readBody(request, response, MAX_REQUEST_BYTES);
    if (name === 'follow') return follow(body, response, call);
    const result = await perform(gateway.withSignal(call.signal), name, parseRequest(name, body));
    send(response, 200, { result: toWire(result) });
    return 'ok';
  }

  async function admit({ headers }: IncomingMessage): Promise<void> {
    const verdict = await admission.admit(/^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]);
    if (verdict.admitted) return;
    // Anybody may knock; the metrics count it, and who ought to get in tells its own log.
    logger.debug({ caller: verdict.caller, status: verdict.status }, `a call was refused: ${verdict.why}`);
    throw new Refusal(verdict.status, new TransactionError('NOT_READY', `The ledger gateway refused the call: ${verdict.why}`, { nextAction: verdict.nextAction }));
  }

  async function follow(body: string, response: ServerResponse, call: AbortController): Promise<string> {
    const { address, after } = parseRequest('follow', body);
    if (streams >= MAX_STREAMS) throw overloaded(streams);
    streams++;
    const over = new AbortController();
    const end = (): void => over.abort();
    const timer = clock.setTimeout(end, streamMs);
    ending.signal.addEventListener('abort', end, { once: true });
    let outcome = 'ok';
    const onFailure = (error: unknown): WireError => {
      const told = wireOf(error, 'follow');
      outcome = outcomeOf(told);
      return told;
    };
    try {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const blocks = gateway.blocks.follow(address, after, call.signal);
      const lines = Readable.from(frames(blocks, { clock, heartbeatMs, ending: over.signal, onFailure }), { objectMode: true, highWaterMark: 1 });
      await pipeline(lines, response).catch((error: unknown) => {
        // Who was told of a failure may go before the stream has its end.
        if (outcome === 'ok') throw error;
      });
      return outcome;
    } finally {
      timer.cancel();
      ending.signal.removeEventListener('abort', end);
      call.abort();
      streams--;
    }
  }

  /** Answers with an error; gives what became of the call. */
  function tell(response: ServerResponse, error: unknown, name: CallName | undefined): string {
    const { req: request } = response;
    if (response.headersSent || response.destroyed || (request.destroyed && !request.complete)) return 'interrupted';
    if (error instanceof Refusal) {
      // What was not read of the request must not be taken for the next one.
      response.shouldKeepAlive = false;
      request.resume();
      send(response, error.status, { error: errorToWire(error.error) });
      return 'refused';
    }
    const told = wireOf(error, name);
    send(response, told.type === 'Fault' ? 500 : 422, { error: told });
    return outcomeOf(told);
  }

  function send(response: ServerResponse, status: number, body: object): void {
    const text = JSON.stringify(body);
    // The next call is for another gateway.
    if (ending.signal.aborted) response.shouldKeepAlive = false;
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  }

  function wireOf(error: unknown, name: CallName | undefined): WireError {
    const known = errorToWire(error);
    if (known !== undefined) return known;
    const reference = randomUUID();
    logger.error({ err: error, call: name, reference }, 'a call failed for a fault of the ledger gateway');
    return { type: 'Fault', message: `The ledger gateway failed at ${name ?? 'a call'}; its log says why, under ${reference}.` };
  }

  return {
    useCertificate: ({ certificate, key }) => server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.3' }),
    async listen({ host, port }) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    },
    async close(patienceMs) {
      ending.abort();
      server.closeIdleConnections();
      // It goes on listening meanwhile: who is refused in words calls another gateway, and need not wonder.
      const done = new AbortController();
      await Promise.race([sleep(clock, patienceMs, done.signal), new Promise<void>((resolve) => (underWay.size === 0 ? resolve() : (idle.tell = resolve)))]);
      done.abort();
      if (underWay.size > 0) logger.warn({ calls: underWay.size }, 'calls are ended that were not done in time');
      for (const call of underWay.values()) call.abort();
      await Promise.race([Promise.all(underWay.keys()), sleep(clock, LAST_WORDS_MS)]);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** For calls that were ended to say so. */
const LAST_WORDS_MS = 1_000;

function nameOf({ method, url }: IncomingMessage): CallName | undefined {
  const name = url?.slice(pathOf('').length) ?? '';
  return method === 'POST' && url === pathOf(name) && isCallName(name) ? name : undefined;
}

const outcomeOf = (told: WireError): string => (told.type === 'Fault' ? 'fault' : told.type === 'TransactionError' ? told.code : told.type);

const endingRefusal = (): Refusal =>
  new Refusal(503, new TransactionError('NOT_READY', 'The ledger gateway is ending.', { nextAction: 'Call again: another one takes the call.' }));
const unknownCall = (): Refusal =>
  new Refusal(404, new TransactionError('NOT_READY', 'The ledger gateway does not know this call.', { nextAction: 'Bring the control plane and the ledger gateway to the same version.' }));
const overloaded = (streams: number): Refusal =>
  new Refusal(503, new TransactionError('OVERLOADED', `The ledger gateway serves ${streams} streams of blocks, which is as many as it takes.`));
