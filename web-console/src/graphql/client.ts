import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { readEvents } from './event-stream.ts';
import { problemsOfErrors, RequestFailed, unreachable, type ApiProblem } from './problem.ts';

/** What a stream tells: a result, or only that it lives. */
export type Heard<Result> = { data: Result } | 'alive';

export interface GraphQLClient {
  request<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, signal?: AbortSignal): Promise<Result>;
  subscribe<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, signal: AbortSignal): AsyncGenerator<Heard<Result>, void>;
}

/** Documents are persisted: the server knows them by their digest, and the bundle holds nothing else of them. */
export const documentId = <Result, Variables>(document: TypedDocumentNode<Result, Variables>): string => {
  const { __meta__: meta } = document as { __meta__?: { hash?: unknown } };
  const hash = meta?.hash;
  if (typeof hash !== 'string') throw new Error('a document without a digest: run npm run generate -w web-console');
  return hash;
};

/** The server pings every 12 s. */
const silenceMs = 30_000;

const failed = (problems: readonly ApiProblem[], fallback: ApiProblem): RequestFailed => {
  const [first = fallback, ...rest] = problems;
  return new RequestFailed([first, ...rest]);
};

interface Answer<Result> {
  data?: Result | null;
  errors?: readonly unknown[];
}

function dataOf<Result>(answer: Answer<Result>, status: number): Result {
  if (answer.errors?.length || answer.data === undefined || answer.data === null) {
    throw failed(problemsOfErrors(answer.errors ?? []), { code: 'UNREADABLE', message: `Guildhall answered with status ${status} and neither data nor a reason` });
  }
  return answer.data;
}

/** A proxy's own page is no answer of Guildhall. */
async function readJson<Result>(response: Response): Promise<Answer<Result>> {
  try {
    return (await response.json()) as Answer<Result>;
  } catch (error) {
    throw response.status >= 500 ? unreachable(error) : new RequestFailed([{ code: 'UNREADABLE', message: `an answer of status ${response.status} that is not JSON` }], { cause: error });
  }
}

/** A request for the answer to a document. */
export const requestOf = <Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, accept = 'application/json'): [url: string, init: RequestInit] => [
  '/graphql',
  { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ documentId: documentId(document), variables }) },
];

/** @param onUnauthenticated told when the session is no longer valid */
export function createClient(dependencies: { fetch: (url: string, init: RequestInit) => Promise<Response>; onUnauthenticated: () => void }): GraphQLClient {
  const send = async <Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, accept: string, signal?: AbortSignal): Promise<Response> => {
    const [url, init] = requestOf(document, variables, accept);
    try {
      return await dependencies.fetch(url, { ...init, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw signal?.aborted ? error : unreachable(error);
    }
  };

  /** The session's end is everybody's matter, whoever found it. */
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof RequestFailed && error.problems.some(({ code }) => code === 'UNAUTHENTICATED')) dependencies.onUnauthenticated();
      throw error;
    }
  };

  const answered = async <Result>(response: Response): Promise<Result> => dataOf(await readJson<Result>(response), response.status);

  return {
    request: async (document, variables, signal) => watched(send(document, variables, 'application/json', signal).then((response) => answered(response))),

    async *subscribe<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables, signal: AbortSignal): AsyncGenerator<Heard<Result>, void> {
      const response = await send(document, variables, 'text/event-stream', signal);
      if (!response.ok || !response.body) {
        await watched(answered(response));
        return;
      }
      for await (const event of readEvents(response.body, { signal, silenceMs })) {
        if (event === 'alive') yield 'alive';
        else if (event.event === 'complete') return;
        else yield { data: await watched(Promise.resolve(JSON.parse(event.data) as Answer<Result>).then((answer) => dataOf(answer, response.status))) };
      }
    },
  };
}
