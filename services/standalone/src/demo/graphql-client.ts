interface GraphQLError {
  message: string;
  extensions?: { code?: string; nextAction?: string; contract?: { code: string; message: string } };
}

/** An answer of the API that says what is wrong. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly code: string;
  readonly contractCode: string | undefined;
  constructor(error: GraphQLError) {
    super([error.message, error.extensions?.nextAction].filter(Boolean).join('. '));
    this.code = error.extensions?.code ?? 'UNKNOWN';
    this.contractCode = error.extensions?.contract?.code;
  }
}

export interface GraphQLClient {
  /** @throws RefusedError with the first error of the answer */
  request<Data>(query: string, variables: Record<string, unknown>): Promise<Data>;
  /** One value for each event of a subscription. */
  subscribe<Data>(query: string, variables: Record<string, unknown>): AsyncGenerator<Data>;
}

export function createGraphQLClient(url: string, token: string): GraphQLClient {
  const post = (query: string, variables: Record<string, unknown>, accept: string): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
  const dataOf = <Data>(answer: { data?: Data; errors?: GraphQLError[] }): Data => {
    const [error] = answer.errors ?? [];
    if (error) throw new RefusedError(error);
    if (answer.data === undefined) throw new Error('the API answered neither data nor errors');
    return answer.data;
  };
  return {
    request: async <Data>(query: string, variables: Record<string, unknown>) =>
      dataOf<Data>((await (await post(query, variables, 'application/json')).json()) as { data?: Data; errors?: GraphQLError[] }),
    subscribe: async function* <Data>(query: string, variables: Record<string, unknown>) {
      const response = await post(query, variables, 'text/event-stream');
      // What could not begin is answered as a request is.
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        dataOf<Data>((await response.json()) as { data?: Data; errors?: GraphQLError[] });
        return;
      }
      let buffered = '';
      for await (const chunk of (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream())) {
        buffered += chunk;
        const events = buffered.split('\n\n');
        buffered = events.pop() ?? '';
        for (const event of events) {
          const data = /^data: (.+)$/m.exec(event)?.[1];
          if (/^event: next$/m.test(event) && data !== undefined) yield dataOf<Data>(JSON.parse(data) as { data?: Data });
        }
      }
    },
  };
}
