import assert from 'node:assert/strict';
import { RefusedError } from './api.ts';

/** The refusal that a request must end with. */
export async function refusal(request: Promise<unknown>): Promise<RefusedError> {
  const outcome = await request.then((data) => ({ data }), (error: unknown) => error);
  assert.ok(outcome instanceof RefusedError, `it was not refused: ${JSON.stringify(outcome)}${outcome instanceof Error ? outcome.stack : ''}`);
  return outcome;
}
