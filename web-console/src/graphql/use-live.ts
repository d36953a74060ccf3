import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useReducer, useRef } from 'react';
import { useSession } from '../session/session-context.ts';
import { documentId, type GraphQLClient, type Heard } from './client.ts';
import { useClient } from './client-context.ts';
import { backOffMs, follow, nextLive, type Live, type LiveEvent } from './live.ts';
import { sleep, sleepUntilOnline } from './pause.ts';
import { useWatched } from './use-watched.ts';

type Source<Data> = (client: GraphQLClient, signal: AbortSignal) => AsyncGenerator<Heard<Data>, void>;

interface Following<Data> {
  key: string;
  skip: boolean;
  /** Another number begins anew and keeps what is known. */
  round?: number;
  source: Source<Data>;
  isLast: (data: Data) => boolean;
}

/** Begins anew when the key changes, after signing in again, and when the page is looked at again after a while. */
export function useFollowed<Data>({ key, skip, round = 0, ...latest }: Following<Data>): Live<Data> {
  const client = useClient();
  const { epoch } = useSession();
  const watched = useWatched();
  const [live, emit] = useReducer(nextLive<Data>, { state: 'loading' });
  const current = useRef(latest);
  current.current = latest;

  useEffect(() => emit({ kind: 'asked' }), [key]);
  useEffect(() => {
    if (skip || !watched) return undefined;
    const over = new AbortController();
    const { source, isLast } = current.current;
    void follow<Data>({
      source: (signal) => source(client, signal),
      isLast,
      emit: (event: LiveEvent<Data>) => {
        if (!over.signal.aborted) emit(event);
      },
      signal: over.signal,
      pause: (failures, signal) => sleepUntilOnline(backOffMs(failures, Math.random()), signal),
      now: () => new Date(),
    });
    return () => over.abort();
  }, [client, key, skip, round, epoch, watched]);
  return live;
}

const keyOf = <Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): string => `${documentId(document)} ${JSON.stringify(variables)}`;

/**
 * A subscription. A browser opens six connections to a server and each subscription takes one: begin them high in the tree, and hand
 * down what they tell.
 * @param isLast whether nothing can follow, as after an operation's end
 */
export function useLive<Result, Variables>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { isLast = () => false, skip = false, round = 0 }: { isLast?: (result: Result) => boolean; skip?: boolean; round?: number } = {},
): Live<Result> {
  return useFollowed<Result>({ key: keyOf(document, variables), skip, round, isLast, source: (client, signal) => client.subscribe(document, variables, signal) });
}

/** A query: asked once, or again and again where there is no subscription for it. */
export function useQuery<Result, Variables>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { everyMs, skip = false }: { everyMs?: number; skip?: boolean } = {},
): Live<Result> {
  return useFollowed<Result>({
    key: keyOf(document, variables),
    skip,
    isLast: () => everyMs === undefined,
    source: async function* (client, signal) {
      while (!signal.aborted) {
        yield { data: await client.request(document, variables, signal) };
        if (everyMs !== undefined) await sleep(everyMs, signal);
      }
    },
  });
}
