import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { linkSignals } from '@guildhall/fabric';
import { pathOf, type CallName } from '../internal-api/protocol.ts';

/** There is no whole answer. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  /** Whether the gateway may have got the call. */
  readonly sent: boolean;
  /** `broken`: the connection. `late`: the time was up. `ended`: the caller did not want it any more. `unprepared`: token or authority could not be had. */
  readonly reason: 'broken' | 'late' | 'ended' | 'unprepared';

  constructor(reason: CallFailure['reason'], sent: boolean, message: string, cause: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.sent = sent;
  }
}

export interface HttpsCallsOptions {
  /** `https://host:port`. */
  readonly url: string;
  /** Asked for each call: a projected token is renewed in its file. */
  readonly token: () => Promise<string>;
  /** PEM, one certificate or more. */
  readonly certificateAuthority: () => Promise<string>;
  readonly connectTimeoutMs: number;
  /** Until the gateway asks for the call, which it does when it knows who calls, or refuses it. */
  readonly admissionTimeoutMs: number;
}

export interface Limits {
  readonly signal: AbortSignal | undefined;
  /** Until the answer has come; of a stream, until it is open. */
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface HttpsCalls {
  /** @throws CallFailure */
  call(name: CallName, body: string, limits: Limits): Promise<Answer>;
  /** What comes as it comes, when the status is 200; a stream that is quiet for `quietMs` breaks. @throws CallFailure */
  open(name: CallName, body: string, limits: Limits & { readonly quietMs: number }): Promise<Answer | IncomingMessage>;
  close(): void;
}

/** The largest answer is a block. In Fabric it has 49 MiB at most; base64 and JSON add to that. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export function createHttpsCalls({ url, token, certificateAuthority, connectTimeoutMs, admissionTimeoutMs }: HttpsCallsOptions): HttpsCalls {
  // It keeps a pool for each authority, and lets go of an idle connection before the server would.
  const agent = new Agent({ keepAlive: true, timeout: 30_000 });
  const dropIdle = (): void => {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  };

  async function prepare(): Promise<{ bearer: string; ca: string }> {
    try {
      const [text, ca] = await Promise.all([token(), certificateAuthority()]);
      const bearer = text.trim();
      if (!/^[\x21-\x7e]+$/.test(bearer)) throw new Error('there is no token where it is looked for');
      // Without one of its own, Node would trust everybody whom the system trusts.
      if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('there is no certificate where its authority is looked for');
      return { bearer, ca };
    } catch (error) {
      throw new CallFailure('unprepared', false, messageOf(error), error);
    }
  }

  /** Resolves with the head of the answer. */
  async function send(name: CallName, body: string, state: { sent: boolean }, signal: AbortSignal, quietMs?: number): Promise<IncomingMessage> {
    const { bearer, ca } = await prepare();
    return new Promise((resolve, reject) => {
      const content = Buffer.from(body, 'utf8');
      // A connection that has lain idle may be dead. The call follows only when the gateway is there and wants it: before that, nothing can have been done.
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'content-length': content.length, expect: '100-continue' };
      const sending = request(new URL(pathOf(name), url), { method: 'POST', agent, ca, minVersion: 'TLSv1.3', headers, signal });
      const unheard = setTimeout(() => {
        // A connection that died without a word; others that lie idle may have too.
        if (sending.reusedSocket) dropIdle();
        sending.destroy(new Error(`the gateway has not asked for the call within ${admissionTimeoutMs} ms`));
      }, admissionTimeoutMs);
      for (const event of ['continue', 'response', 'close']) sending.once(event, () => clearTimeout(unheard));
      sending.once('socket', (socket) => {
        if (sending.reusedSocket) return;
        const connecting = setTimeout(() => sending.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)), connectTimeoutMs);
        for (const event of ['secureConnect', 'close']) socket.once(event, () => clearTimeout(connecting));
      });
      if (quietMs !== undefined) sending.setTimeout(quietMs, () => sending.destroy(new Error(`nothing has come for ${quietMs} ms`)));
      sending.once('continue', () => {
        state.sent = true;
        sending.end(content);
      });
      sending.once('response', resolve);
      sending.on('error', reject);
      sending.flushHeaders();
    });
  }

  async function within<T>({ signal, timeoutMs }: Limits, work: (state: { sent: boolean }, signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = linkSignals([signal], timeoutMs);
    const state = { sent: false };
    try {
      return await work(state, limit.signal);
    } catch (error) {
      if (error instanceof CallFailure) throw error;
      throw new CallFailure(limit.timedOut ? 'late' : limit.signal.aborted ? 'ended' : 'broken', state.sent, messageOf(error), error);
    } finally {
      limit.release();
    }
  }

  return {
    call: (name, body, limits) =>
      within(limits, async (state, signal) => {
        const response = await send(name, body, state, signal);
        return wholeOf(response);
      }),
    async open(name, body, { signal, timeoutMs, quietMs }) {
      // The time is up when the head has come; what the caller wants holds for all of the stream.
      const life = new AbortController();
      const end = (): void => life.abort();
      signal?.addEventListener('abort', end, { once: true });
      if (signal?.aborted) end();
      try {
        const response = await within({ signal: life.signal, timeoutMs }, async (state, limit) => {
          limit.addEventListener('abort', end, { once: true });
          const response = await send(name, body, state, life.signal, quietMs);
          return response.statusCode === 200 ? response : wholeOf(response);
        });
        if ('text' in response) signal?.removeEventListener('abort', end);
        else response.once('close', () => signal?.removeEventListener('abort', end));
        return response;
      } catch (error) {
        signal?.removeEventListener('abort', end);
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

async function wholeOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The body of an answer is read as bytes.');
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
