import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { createRandom } from '../../conformance/random-writes.ts';

export interface FaultyProxy {
  /** `http://…` */
  readonly url: string;
  /** How often each fault was met. */
  readonly met: Readonly<Record<Fault, number>>;
  /** From now on everything passes. */
  heal(): void;
  stop(): void;
}

/** Refused with 429; broken before the server has the request; carried out, but the answer is lost; late; a watch broken off, in the middle of a line or between two. */
type Fault = 'refused' | 'broken' | 'lost' | 'late' | 'dropped';

/** In percent of all requests, each once among the first; a watch that is let through is always dropped after some seconds. */
const shares = { refused: 10, broken: 4, lost: 4, late: 15 };
const kinds = ['refused', 'broken', 'lost', 'late'] as const;

export interface FaultyProxyOptions {
  /** The API server that it leads to. */
  server: string;
  certificateAuthority: string;
  /** Where it listens. */
  host: string;
  seed: number;
}

/** A way to the API server on which much goes wrong. Who comes shows its own token. */
export async function startFaultyProxy({ server, certificateAuthority, host, seed }: FaultyProxyOptions): Promise<FaultyProxy> {
  const random = createRandom(seed);
  const agent = new Agent({ keepAlive: true, ca: certificateAuthority });
  const met = { refused: 0, broken: 0, lost: 0, late: 0, dropped: 0 };
  const first: Fault[] = [...kinds];
  let healed = false;

  const draw = (): Fault | undefined => {
    if (healed) return undefined;
    let left = random.below(100);
    return first.pop() ?? kinds.find((fault) => (left -= shares[fault]) < 0);
  };
  const meet = (fault: Fault): void => void met[fault]++;

  const forward = (incoming: IncomingMessage, answer: (upstream: IncomingMessage) => void, outgoing: ServerResponse): void => {
    const { host: _, ...headers } = incoming.headers;
    const passed = request(server + incoming.url, { agent, method: incoming.method ?? 'GET', headers }, answer);
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  };

  const pass = (upstream: IncomingMessage, outgoing: ServerResponse): void => {
    outgoing.writeHead(upstream.statusCode ?? 502, upstream.headers);
    upstream.pipe(outgoing);
    upstream.on('error', () => outgoing.destroy());
  };

  /** Until it is dropped: now, or within the next event. */
  const passWatch = (upstream: IncomingMessage, outgoing: ServerResponse): void => {
    outgoing.writeHead(upstream.statusCode ?? 502, upstream.headers);
    outgoing.flushHeaders();
    let cut = false;
    const withinEvent = random.chance(0.5);
    const drop = (): void => {
      meet('dropped');
      outgoing.destroy();
    };
    const timer = setTimeout(() => {
      if (healed) return;
      if (withinEvent) cut = true;
      else drop();
    }, 500 + random.below(5_000));
    upstream.on('data', (chunk: Buffer) => {
      if (cut) outgoing.write(chunk.subarray(0, chunk.length / 2), drop);
      else outgoing.write(chunk);
    });
    upstream.on('end', () => outgoing.end());
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => clearTimeout(timer));
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const fault = draw();
    if (fault !== undefined) meet(fault);
    switch (fault) {
      case 'refused':
        await finished(incoming.resume());
        outgoing.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' }).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 429, reason: 'TooManyRequests' }));
        return;
      case 'broken':
        incoming.destroy();
        return;
      case 'lost':
        return forward(incoming, (upstream) => upstream.resume().on('close', () => outgoing.destroy()), outgoing);
      case 'late':
        await new Promise((resolve) => setTimeout(resolve, random.below(1_500)));
        break;
      default:
        break;
    }
    const isWatch = /[?&]watch=true/.test(incoming.url ?? '');
    forward(incoming, (upstream) => (isWatch ? passWatch : pass)(upstream, outgoing), outgoing);
  };

  const listener = createServer((incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy()));
  listener.listen(0, host);
  await once(listener, 'listening');
  return {
    url: `http://${host}:${(listener.address() as AddressInfo).port}`,
    met,
    heal: () => void (healed = true),
    stop: () => {
      listener.closeAllConnections();
      listener.close();
      agent.destroy();
    },
  };
}
