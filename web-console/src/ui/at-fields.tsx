import type { ReactNode } from 'react';
import type { ApiProblem } from '../graphql/problem.ts';
import { ProblemDetails } from './problems.tsx';

/** Shares problems out: each to the field that it is about, the others to where problems stand. */
export function atFields<Field extends string>(problems: readonly ApiProblem[], fields: readonly Field[]): { errorOf: (field: Field) => ReactNode; elsewhere: readonly ApiProblem[] } {
  return {
    errorOf: (field) => {
      const found = problems.filter(({ path }) => path === field);
      // A field is wrong when it has an error at all, so there is none rather than an empty list.
      return found.length === 0 ? undefined : found.map((problem) => <ProblemDetails key={problem.message} problem={problem} atField />);
    },
    elsewhere: problems.filter(({ path }) => !fields.some((field) => field === path)),
  };
}
