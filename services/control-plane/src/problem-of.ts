import type { Logger } from 'pino';
import { isAway } from './availability.ts';
import { postgresCode } from './database/database.ts';
import { ApiProblem, unavailable } from './errors.ts';

/** invalid_text_representation, character_not_in_repertoire, untranslatable_character: text that PostgreSQL cannot hold, such as U+0000. */
const unstorable = new Set(['22021', '22P02', '22P05']);

/** What a caller is told of any error; its own words only when it was made to be told. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isAway(error)) return unavailable(undefined, { cause: error });
  if (unstorable.has(postgresCode(error) ?? '')) {
    return new ApiProblem({ code: 'INVALID_INPUT', message: 'a text holds a character that cannot be stored, such as U+0000', nextAction: 'leave out control characters' }, { cause: error });
  }
  return new ApiProblem({ code: 'INTERNAL', message: 'something went wrong inside Guildhall', nextAction: 'look at the log at this time, and try again' }, { cause: error });
}

/** What is not the caller's doing is logged with its cause. */
export function logProblem(logger: Logger, problem: ApiProblem): void {
  const [{ code }] = problem.problems;
  if (code === 'INTERNAL') logger.error({ err: problem.cause ?? problem }, 'a request failed unexpectedly');
  if (code === 'UNAVAILABLE') logger.warn({ err: problem.cause ?? problem }, 'a request failed because something does not answer');
}
