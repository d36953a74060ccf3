import type { Clock } from '../clock.ts';
import { TransportError } from '../errors.ts';

export interface Deadline extends Disposable {
  /** Aborted when the time is over or the caller's signal is. */
  signal: AbortSignal;
  /** Takes the time limit away and leaves the caller's signal in force: for streams, once they have begun. */
  lift(): void;
  /** Ends what still listens to the signal, once nobody wants its result. */
  end(): void;
}

export function createDeadline(clock: Clock, milliseconds: number, call: string, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = clock.setTimeout(
    () => controller.abort(new TransportError('Timeout', `${call}: no answer within ${milliseconds} ms`)),
    milliseconds,
  );
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    lift: () => timer.cancel(),
    end: () => controller.abort(new Error(`${call}: over`)),
    [Symbol.dispose]() {
      timer.cancel();
      signal?.removeEventListener('abort', forward);
    },
  };
}

/** Rejects with the signal's reason as soon as it is aborted, even when what runs below does not listen to it. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      promise.catch(() => undefined); // nobody else will hear of it
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The chunks of a stream until the signal is aborted, which frees its connection even when the stream does not listen to the signal. */
export async function* abortableStream(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that waits for its next chunk would only return after it.
    iterator.return?.().catch(() => undefined); // the stream is over for us, however it ends
  }
}

const notSent = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

/** What a failed `fetch` means: the abort reason itself, or a TransportError that says whether the request may have been carried out. */
export function transportErrorOf(error: unknown, call: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof TransportError) return error;
  const code = codeOf(error);
  const detail = [code, error instanceof Error ? error.message : String(error)].filter((part) => part !== undefined).join(' ');
  return code !== undefined && notSent.has(code)
    ? new TransportError('Unreachable', `${call}: the API server cannot be reached (${detail})`, { cause: error })
    : new TransportError('Interrupted', `${call}: the connection broke (${detail})`, { cause: error });
}
