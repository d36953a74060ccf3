import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useState } from 'react';
import type { ApiProblem } from './problem.ts';
import { useAction, type Action } from './use-action.ts';

const none: readonly ApiProblem[] = [];

/**
 * A mutation of what a form holds. A refusal goes when the form holds something else.
 * @param held what it holds, as text
 */
export function useFormAction<Result, Variables>(document: TypedDocumentNode<Result, Variables>, held: string): Omit<Action<Result, Variables>, 'clear'> {
  const { run, busy, problems, clear } = useAction(document);
  const [sent, setSent] = useState('');
  // What was refused before may be done now; nobody knows until it is sent again.
  useEffect(() => clear(), [held, clear]);
  return {
    busy,
    // The answer may come when the form has changed meanwhile.
    problems: sent === held ? problems : none,
    run: (variables) => {
      setSent(held);
      return run(variables);
    },
  };
}
