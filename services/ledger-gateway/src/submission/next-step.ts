import { explainValidationCode } from '@guildhall/fabric';
import type { TransactionError } from '../errors.ts';

/** How often each remedy is taken within one call. */
export interface Remedies {
  /** A transaction that was invalid because something else changed the ledger is endorsed anew: it changed nothing, so that is always safe. */
  readonly endorseAnew: number;
  /** A contract's clock that is behind is moved; it may be behind again when ordering took long. */
  readonly moveClock: number;
  /** Peers that came a moment ago are looked for when those that were known do not suffice: nothing was ordered yet. */
  readonly lookAnew: number;
}

export const REMEDIES: Remedies = { endorseAnew: 8, moveClock: 3, lookAnew: 1 };

export type NextStep = keyof Remedies | 'giveUp';

/** What to do about a transaction that did not succeed. `left`: remedies that were not used yet. */
export function nextStep(error: TransactionError, left: Remedies): NextStep {
  if (error.contract?.code === 'CLOCK_SKEW') return left.moveClock > 0 ? 'moveClock' : 'giveUp';
  if (error.code === 'NOT_ENDORSED') return left.lookAnew > 0 ? 'lookAnew' : 'giveUp';
  const resubmit = error.validation !== undefined && explainValidationCode(error.validation.code).resubmit;
  return resubmit && left.endorseAnew > 0 ? 'endorseAnew' : 'giveUp';
}

/** peer.TxValidationCode MVCC_READ_CONFLICT and PHANTOM_READ_CONFLICT: another transaction was quicker, and nothing else has changed. */
const CONFLICTS: readonly number[] = [11, 12];

/** Whether nodes, members or the policy may be others than those that were known. */
export const mayHaveChanged = ({ validation }: TransactionError): boolean => validation !== undefined && !CONFLICTS.includes(validation.code);
