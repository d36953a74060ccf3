import { FabricError } from '@guildhall/fabric';
import { waiting, type Problem } from './outcome.ts';

/** A refusal rests longer than a failure that may pass by itself. */
const refusedMs = 10_000;

export const problemOf = (error: FabricError): Problem => ({
  reason: error.retryable ? 'Failed' : 'LedgerRefused',
  message: `${error.message} ${error.nextAction}`,
});

/** What a call to the ledger came to: its result, or why it is tried again. */
export type Attempted<T> = { result: T } | { failed: ReturnType<typeof waiting>; error: FabricError };

/** Anything but a FabricError is a bug and goes on. */
export async function attempt<T>(call: () => Promise<T>, retryMs = 250): Promise<Attempted<T>> {
  try {
    return { result: await call() };
  } catch (error) {
    if (!(error instanceof FabricError)) throw error;
    const { reason, message } = problemOf(error);
    return { failed: waiting(reason, message, error.retryable ? retryMs : refusedMs), error };
  }
}
