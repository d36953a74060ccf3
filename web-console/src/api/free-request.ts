import { readEvents } from '../graphql/event-stream.ts';
import { RequestFailed, unreachable } from '../graphql/problem.ts';

export interface FreeRequest {
  query: string;
  variables: Record<string, unknown>;
  token: string;
}

/** Variables as JSON; undefined when it is no object. */
export function parseVariables(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const textsAndComments = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g;

/** Whether one of a document's definitions is a subscription: its first word, outside of all braces. */
export function isSubscription(query: string): boolean {
  let depth = 0;
  let heads = '';
  for (const character of query.replace(textsAndComments, ' ')) {
    if ('({['.includes(character)) depth += 1;
    else if (')}]'.includes(character)) {
      depth -= 1;
      if (character === '}' && depth === 0) heads += ';';
    } else if (depth === 0) heads += character;
  }
  return heads.split(';').some((head) => /^\s*subscription\b/.test(head));
}

const silenceMs = 30_000;

/** Sends a document as any program would: with the token alone, and without the page's session. Each answer as it came. */
export async function* freeRequest(fetching: typeof fetch, { query, variables, token }: FreeRequest, signal: AbortSignal): AsyncGenerator<unknown, void> {
  let response: Response;
  try {
    response = await fetching('/graphql', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json', accept: isSubscription(query) ? 'text/event-stream' : 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal,
    });
  } catch (error) {
    throw signal.aborted ? error : unreachable(error);
  }
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    yield await response.json().catch((error: unknown) => {
      throw new RequestFailed([{ code: 'UNREADABLE', message: `an answer of status ${response.status} that is not JSON` }], { cause: error });
    });
    return;
  }
  for await (const event of readEvents(response.body, { signal, silenceMs })) {
    if (event === 'alive') continue;
    if (event.event === 'complete') return;
    yield JSON.parse(event.data) as unknown;
  }
}
