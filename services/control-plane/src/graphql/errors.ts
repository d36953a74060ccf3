import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { ApiProblem, type ErrorCode } from '../errors.ts';

/** Errors of the network and of PostgreSQL that say: it is away, not wrong. */
const away = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', '57P01', '57P02', '57P03', '53300', '08006', '08001']);

function isAway(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string' && away.has(code)) return true;
    if (/Connection terminated|timeout exceeded when trying to connect/.test(current.message)) return true;
  }
  return false;
}

const requestCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);

/** Errors of parsing, validation and variables: Apollo marks them on its own way, graphql-js makes them without a cause on the way of streams. */
const isAboutRequest = (formatted: GraphQLFormattedError, original: unknown): boolean =>
  requestCodes.has(String(formatted.extensions?.['code'])) ||
  (original instanceof GraphQLError && original.originalError === undefined && formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR');

/** graphql-js says where in a variable: `at "input.members[0]"; Field "x" is not defined`. */
const variablePath = (message: string): string | undefined => /at "[^".]+\.([^"]+)"/.exec(message)?.[1];

/** Suggestions tell names of the schema to whoever guesses. */
const withoutSuggestion = (message: string): string => message.replace(/ Did you mean .*$/s, '');

const extensions = (code: ErrorCode, nextAction: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ code, nextAction, ...more });

/** What a caller sees of an error: a code of ours, where it lies, and what to do next; never a stack or an inner message. */
export const createErrorFormatter =
  (logger: Logger) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    if (original instanceof ApiProblem) {
      const [first] = original.problems;
      return {
        ...formatted,
        message: first.message,
        extensions: extensions(first.code, first.nextAction, {
          ...(first.path === undefined ? {} : { path: first.path }),
          problems: original.problems,
          ...original.details,
        }),
      };
    }
    if (formatted.extensions?.['refusal'] === 'TOO_COSTLY') {
      return { ...formatted, extensions: extensions('TOO_COSTLY', 'ask for fewer fields, smaller pages or fewer levels at once') };
    }
    if (isAboutRequest(formatted, original)) {
      const message = withoutSuggestion(formatted.message);
      const path = variablePath(message);
      return { ...formatted, message, extensions: extensions('INVALID_INPUT', 'correct the request; the schema is at /graphql', path === undefined ? {} : { path }) };
    }
    if (isAway(original)) {
      logger.warn({ err: original }, 'a request failed because something does not answer');
      return { ...formatted, message: 'a part of Guildhall does not answer', extensions: extensions('UNAVAILABLE', 'try again in a few seconds; what was begun goes on by itself') };
    }
    logger.error({ err: original }, 'a request failed unexpectedly');
    return { ...formatted, message: 'something went wrong inside Guildhall', extensions: extensions('INTERNAL', 'look at the log at this time, and try again') };
  };
