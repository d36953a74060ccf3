import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useCallback, useRef, useState } from 'react';
import { useClient } from './client-context.ts';
import { problemsOf, type ApiProblem } from './problem.ts';

export interface Action<Result, Variables> {
  /** Undefined when it failed; problems say why. The same call while one is under way is one call. */
  run: (variables: Variables) => Promise<Result | undefined>;
  busy: boolean;
  problems: readonly ApiProblem[];
  clear: () => void;
}

const none: readonly ApiProblem[] = [];

/** A mutation, or a query on demand. */
export function useAction<Result, Variables>(document: TypedDocumentNode<Result, Variables>): Action<Result, Variables> {
  const client = useClient();
  const underWay = useRef<{ asked: string; answer: Promise<Result | undefined> }>(undefined);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState(none);
  const clear = useCallback(() => setProblems(none), []);

  const run = useCallback(
    (variables: Variables): Promise<Result | undefined> => {
      const asked = JSON.stringify(variables);
      if (underWay.current?.asked === asked) return underWay.current.answer;
      const isLatest = (): boolean => underWay.current?.asked === asked;
      const once = async (): Promise<Result | undefined> => {
        setBusy(true);
        setProblems(none);
        try {
          return await client.request(document, variables);
        } catch (error) {
          if (isLatest()) setProblems(problemsOf(error));
          return undefined;
        } finally {
          if (isLatest()) {
            underWay.current = undefined;
            setBusy(false);
          }
        }
      };
      const answer = once();
      underWay.current = { asked, answer };
      return answer;
    },
    [client, document],
  );
  return { run, busy, problems, clear };
}
