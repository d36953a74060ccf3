import { ApiError, TransportError } from '@guildhall/kubernetes';
import { isAway } from '../availability.ts';
import { StepError, type StepOutcome } from './operation.ts';

/** Soon at first, because most failures pass at once; then ever later, up to half a minute. */
export const backoffMs = (failures: number): number => Math.min(250 * 2 ** failures, 30_000);

/** In words for a person; what an unknown error says stays in the log, because nobody has looked at what it tells. */
function describe(error: unknown): string {
  if (error instanceof ApiError) return `the cluster refused: ${error.message}`;
  if (error instanceof TransportError) return 'the cluster does not answer';
  if (isAway(error)) return 'the database does not answer';
  return "something went wrong inside Guildhall; the log has it under this operation's id";
}

/**
 * What an error of a step amounts to: a person has to act, or it is tried again.
 * @param failures how often it failed in a row before
 */
export function outcomeOfError(error: unknown, failures: number): StepOutcome {
  if (error instanceof StepError) return { kind: 'fail', reason: error.problem.code, problem: error.problem };
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return { kind: 'wait', reason: 'Failed', message: `an attempt failed and is repeated: ${describe(error)}`, retryAfterMs: Math.max(asked, backoffMs(failures)) };
}
