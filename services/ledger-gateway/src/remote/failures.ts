import { TransactionError, type TransactionErrorDetails } from '../errors.ts';
import type { CallFailure } from './https-calls.ts';

/** A submission that is under way, as its caller knows it. */
export interface Submission {
  /** Undefined where the arguments have no place for one. */
  readonly requestId: string | undefined;
}

const CHECK = 'Check that the ledger gateway runs and is ready, and that the network lets the control plane reach it.';
const PREPARE = 'Check that the token and the certificate authority of the ledger gateway are mounted where the control plane looks for them; it goes on by itself when they are.';
const LOOK_UP = 'Look on the ledger whether it was written before calling again: arguments that are not one JSON object have no request id.';

/** What it means to the caller that no whole answer came. */
export function explainFailure({ reason, sent, message, cause }: CallFailure, submission?: Submission): TransactionError {
  const details: TransactionErrorDetails = { requestId: submission?.requestId, cause };
  if (reason === 'unprepared') return new TransactionError('NOT_READY', `The ledger gateway cannot be called: ${message}`, { ...details, nextAction: PREPARE });
  if (sent && submission) return unknownOutcome(`The ledger gateway had the call and did not answer: ${message}`, submission, cause);
  if (reason === 'late') return new TransactionError('DEADLINE_EXCEEDED', 'The deadline passed while the ledger gateway had not answered.', { ...details, nextAction: CHECK });
  if (reason === 'ended') return new TransactionError('DEADLINE_EXCEEDED', 'The call of the ledger gateway was ended by its caller.', details);
  return new TransactionError('NOT_READY', `No ledger gateway answers: ${message}`, { ...details, nextAction: CHECK });
}

/** A submission that may be on the ledger. */
export const unknownOutcome = (message: string, { requestId }: Submission, cause?: unknown): TransactionError =>
  new TransactionError('OUTCOME_UNKNOWN', message, { requestId, cause, ...(requestId === undefined ? { nextAction: LOOK_UP } : {}) });

/** Whether the same call may be sent once more without doing anything twice. */
export const mayCallAgain = ({ reason, sent }: CallFailure, submission: Submission | undefined): boolean => reason === 'broken' && (!sent || submission === undefined);

/** The gateway did not begin; another one may. */
export const isElsewhere = (status: number): boolean => status === 503;

/** The gateway has had the call: it worked, or failed in the gateway's own words. */
export const isFromGateway = (status: number): boolean => status === 200 || status === 422;

/** Whoever calls, whatever is called: the gateway does not take it. */
export const isRefused = (status: number): boolean => status === 401 || status === 403 || status === 503;
