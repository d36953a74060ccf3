import { Agent, request } from 'undici';

export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** The part of a WHATWG Response that the client reads. */
export interface FetchResponse {
  status: number;
  headers: { get(name: string): string | null };
  /** Chunks as they arrive; null when there is no body. */
  body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** How requests leave the client. The global `fetch` fits; so does a function that answers without a network. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/**
 * HTTP/1.1 over undici. Every watch holds a connection of its own, so their number is not limited; the client sets its own deadlines, so
 * undici's are off (its defaults end a quiet watch after 300 s).
 */
export function createFetch({ certificateAuthority }: { certificateAuthority?: string } = {}): Fetch & { close(): Promise<void> } {
  const dispatcher = new Agent({
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    connect: { timeout: 5_000, ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }) },
  });
  const send: Fetch = async (url, { method, headers, body, signal }) => {
    const response = await request(url, { method, headers, signal, dispatcher, ...(body === undefined ? {} : { body }) });
    return {
      status: response.statusCode,
      headers: { get: (name) => [response.headers[name.toLowerCase()]].flat()[0] ?? null },
      body: response.body,
      text: () => response.body.text(),
    };
  };
  return Object.assign(send, { close: () => dispatcher.destroy() });
}
