interface GraphQLProblem {
  message: string;
  extensions?: { code?: string; path?: string; nextAction?: string; problems?: { code: string; path?: string }[]; contract?: { code: string; message: string } };
}

/** The first error of an answer. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly code: string;
  /** Where in the input. */
  readonly path: string | undefined;
  readonly nextAction: string;
  readonly contract: { code: string; message: string } | undefined;
  readonly problems: readonly { code: string; path?: string }[];
  constructor({ message, extensions }: GraphQLProblem) {
    super(message);
    this.code = extensions?.code ?? 'UNKNOWN';
    this.path = extensions?.path;
    this.nextAction = extensions?.nextAction ?? '';
    this.contract = extensions?.contract;
    this.problems = extensions?.problems ?? [];
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: GraphQLProblem[];
}

/** The public API as any program would use it. */
export interface Api {
  request<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  subscribe<Data>(query: string, variables: Record<string, unknown>, signal?: AbortSignal): AsyncGenerator<Data>;
}

function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  const [problem] = errors ?? [];
  if (problem !== undefined) throw new RefusedError(problem);
  if (data === undefined || data === null) throw new Error('the API answered neither data nor errors');
  return data;
}

export function createApi(url: string, token: string): Api {
  const post = (query: string, variables: Record<string, unknown>, accept: string, signal: AbortSignal): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal,
    });
  return {
    request: async <Data>(query: string, variables: Record<string, unknown> = {}) => {
      const response = await post(query, variables, 'application/json', AbortSignal.timeout(180_000));
      return dataOf((await response.json()) as Answer<Data>);
    },
    subscribe: async function* <Data>(query: string, variables: Record<string, unknown>, signal = new AbortController().signal) {
      const response = await post(query, variables, 'text/event-stream', signal);
      let buffered = '';
      for await (const chunk of (response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).pipeThrough(new TextDecoderStream())) {
        buffered += chunk;
        const events = buffered.split('\n\n');
        buffered = events.pop() ?? '';
        for (const event of events) {
          const data = /^data: (.+)$/m.exec(event)?.[1];
          if (/^event: next$/m.test(event) && data !== undefined) yield dataOf(JSON.parse(data) as Answer<Data>);
        }
      }
    },
  };
}
