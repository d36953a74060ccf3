import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Problem } from '../errors.ts';
import { logProblem, problemOf } from '../problem-of.ts';

const requestCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);

/**
 * Errors of parsing, validation and variables: Apollo marks them with codes, and they are of graphql-js itself. What went
 * wrong while a field was answered has the field's path, and is not about the request.
 */
const isAboutRequest = (formatted: GraphQLFormattedError, original: unknown): boolean =>
  formatted.path === undefined &&
  (requestCodes.has(String(formatted.extensions?.['code'])) || original instanceof GraphQLError);

/** graphql-js says where in a variable: `at "input.members[0]"; Field "x" is not defined`. */
const variablePath = (message: string): string | undefined => /at "[^".]+\.([^"]+)"/.exec(message)?.[1];

/** Suggestions tell names of the schema to whoever guesses. */
const withoutSuggestion = (message: string): string => message.replace(/ Did you mean .*$/s, '');

/** The echo of a wrong value may be as long as the request. */
const short = (message: string): string => (message.length > 500 ? `${message.slice(0, 500)}…` : message);

const extensionsOf = ({ code, nextAction, path }: Problem, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  code,
  nextAction,
  ...(path === undefined ? {} : { path }),
  ...more,
});

/** What a caller sees of an error: a code of ours, where it lies, and what to do next; never a stack or an inner message. */
export const createErrorFormatter =
  (logger: Logger) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const place = { ...(formatted.locations ? { locations: formatted.locations } : {}), ...(formatted.path ? { path: formatted.path } : {}) };
    const original = unwrapResolverError(error);
    if (formatted.extensions?.['refusal'] === 'TOO_COSTLY') {
      const problem = { code: 'TOO_COSTLY', nextAction: 'ask for fewer fields, smaller pages or fewer levels at once', message: formatted.message } as const;
      return { ...place, message: formatted.message, extensions: extensionsOf(problem) };
    }
    if (isAboutRequest(formatted, original)) {
      const message = short(withoutSuggestion(formatted.message));
      const path = variablePath(message);
      return { ...place, message, extensions: extensionsOf({ code: 'INVALID_INPUT', message, nextAction: 'correct the request; the schema is in docs/api.md', ...(path === undefined ? {} : { path }) }) };
    }
    const problem = problemOf(original);
    logProblem(logger, problem);
    const [first] = problem.problems;
    return { ...place, message: first.message, extensions: extensionsOf(first, { problems: problem.problems, ...problem.details }) };
  };
