import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Problem } from '../errors.ts';
import { logProblem, problemOf } from '../problem-of.ts';
import { queryLimits } from './limits.ts';
import { literalPath } from './literal-path.ts';

const requestCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);

/**
 * Errors of parsing, validation and variables: Apollo marks them with codes, and they are of graphql-js itself. What went
 * wrong while a field was answered has the field's path, and is not about the request.
 */
const isAboutRequest = (formatted: GraphQLFormattedError, original: unknown): boolean =>
  formatted.path === undefined &&
  (requestCodes.has(String(formatted.extensions?.['code'])) || original instanceof GraphQLError);

/** Suggestions tell names of the schema to whoever guesses. */
const withoutSuggestion = (message: string): string => message.replace(/ Did you mean .*$/s, '');

/** The echo of a wrong value may be as long as the request. */
const short = (message: string): string => (message.length > 500 ? `${message.slice(0, 500)}…` : message);

/** graphql-js: `Variable "$input" got invalid value {…} at "input.members[0]"; Field "x" is not defined by type "MemberInput".` */
const wrongVariable = /^Variable "\$(\w+)" got invalid value .*?(?: at "\w+([^"]*)")?; ([^;]*)$/s;
const missingVariable = /^Variable "\$(\w+)" of /;
/** Such a message is about a member of the value at the path. */
const memberNamed = /^Field "(?:\w+\.)?(\w+)" (?:is not defined by type|of required type)/;

/** What is wrong with a request and where in its input, without the echo of the value. */
function problemOfRequest(formatted: string, error: unknown): { message: string; path: string | undefined } {
  const message = withoutSuggestion(formatted);
  const variable = wrongVariable.exec(message);
  if (!variable) {
    const literal = error instanceof GraphQLError ? literalPath(error) : undefined;
    const member = /of required type/.test(message) ? memberNamed.exec(message)?.[1] : undefined;
    const path = [literal, member].filter((part) => part !== undefined).join('.') || missingVariable.exec(message)?.[1];
    return { message: short(message), path };
  }
  const [, name = '', place = '', reason = ''] = variable;
  const path = [place.replace(/^\./, ''), memberNamed.exec(reason)?.[1] ?? ''].filter((part) => part !== '').join('.') || name;
  return { message: short(`${path}: ${reason}`), path };
}

/** graphql-js stops reading there; whoever writes a large input into the query has a better way. */
const isTooLong = (message: string): boolean => /Document contains more tha[nt] \d+ tokens/.test(message);

/** A form shows what it can; the answer to a wrong megabyte need not be larger than it. */
const maxProblems = 50;

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
      if (isTooLong(formatted.message)) {
        const problem = { code: 'TOO_COSTLY', message: `a query may have at most ${queryLimits.tokens} tokens`, nextAction: 'send long inputs as variables, and ask for fewer fields at once' } as const;
        return { ...place, message: problem.message, extensions: extensionsOf(problem) };
      }
      const { message, path } = problemOfRequest(formatted.message, original);
      return { ...place, message, extensions: extensionsOf({ code: 'INVALID_INPUT', message, nextAction: 'correct it and send the request again; the schema says what there is', ...(path === undefined ? {} : { path }) }) };
    }
    const problem = problemOf(original);
    logProblem(logger, problem);
    const [first] = problem.problems;
    return { ...place, message: first.message, extensions: extensionsOf(first, { problems: problem.problems.slice(0, maxProblems), ...problem.details }) };
  };
