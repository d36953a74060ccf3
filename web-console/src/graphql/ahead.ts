type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface Ahead {
  /** Begins a request that will be asked for. */
  begin: (url: string, init: RequestInit) => void;
  /** Sends a request, unless the same was begun before and has been answered well: then that is the answer, once. */
  send: Send;
}

/** Requests that begin before the page that needs them is there. */
export function createAhead(send: Send): Ahead {
  const begun = new Map<string, Promise<Response | undefined>>();
  const keyOf = (url: string, { method, body }: RequestInit): string => `${method} ${url} ${typeof body === 'string' ? body : ''}`;
  return {
    // What fails is asked again by who needs it.
    begin: (url, init) => void begun.set(keyOf(url, init), send(url, init).catch(() => undefined)),
    send: async (url, init) => {
      const key = keyOf(url, init);
      const answer = begun.get(key);
      begun.delete(key);
      const response = await answer;
      init.signal?.throwIfAborted();
      return response?.ok === true ? response : send(url, init);
    },
  };
}
