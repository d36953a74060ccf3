import type { ReactNode } from 'react';
import type { ApiProblem } from '../graphql/problem.ts';
import { isAt } from './is-at.ts';
import { ProblemDetails } from './problems.tsx';

const isAbout = ({ path }: ApiProblem, field: string): boolean => path !== undefined && isAt(path, field);

/** What is said against a field, and what to do next. */
export function errorAt(problems: readonly ApiProblem[], field: string): ReactNode {
  const found = problems.filter((problem) => isAbout(problem, field));
  // A field is wrong when it has an error at all, so there is none rather than an empty list.
  return found.length === 0 ? undefined : found.map((problem) => <ProblemDetails key={`${problem.path ?? ''} ${problem.message}`} problem={problem} atField />);
}

/** Shares problems out: each to the field that it is about, the others to where problems stand. */
export function atFields<Field extends string>(problems: readonly ApiProblem[], fields: readonly Field[]): { errorOf: (field: Field) => ReactNode; elsewhere: readonly ApiProblem[] } {
  return {
    errorOf: (field) => errorAt(problems, field),
    elsewhere: problems.filter((problem) => !fields.some((field) => isAbout(problem, field))),
  };
}
