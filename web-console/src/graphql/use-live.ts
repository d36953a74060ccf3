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

/** Begins anew when the key changes, after signing in again, when the page is looked at again after a while, and when the network is said to be gone. */
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
    let attempt = new AbortController();
    let ended = false;
    const begin = async (): Promise<void> => {
      attempt = new AbortController();
      const signal = AbortSignal.any([over.signal, attempt.signal]);
      await follow<Data>({
        source: (signal) => source(client, signal),
        isLast,
        emit: (event: LiveEvent<Data>) => {
          if (!signal.aborted) emit(event);
        },
        signal,
        pause: (failures, signal) => sleepUntilOnline(backOffMs(failures, Math.random()), signal),
        now: () => new Date(),
      });
      ended ||= !signal.aborted;
    };
    // A connection over a network that is gone says nothing of it for long; another attempt does at once.
    const doubt = (): void => {
      if (ended) return;
      attempt.abort();
      void begin();
    };
    window.addEventListener('offline', doubt, { signal: over.signal });
    void begin();
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
