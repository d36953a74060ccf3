import type { ContractDecisionRow, OperationState } from '../database/schema.ts';
import type { ErrorCode } from '../errors.ts';
import { hasEnded } from '../operations/operation.ts';

export interface Deciding {
  wanted: ContractDecisionRow['state'];
  before: ContractDecisionRow['state'] | undefined;
  /** Of the operation that wrote down the definition. */
  operation: OperationState;
  /** Its step for the members' consents is not over. */
  undecided: boolean;
}

export type Following =
  /** It was said before. */
  | { kind: 'nothing' }
  | { kind: 'refuse'; code: ErrorCode; message: string; nextAction: string }
  /** The operation waits for it. */
  | { kind: 'ring' }
  /** It is written down, and nothing has to be done by it now. */
  | { kind: 'record' }
  /** The operation failed after its members had consented: a retry begins with the consents again. */
  | { kind: 'reopen' }
  /** The others run it already: it takes an operation of its own. */
  | { kind: 'late' };

/** What is done when a member says this now. */
export function whatFollows({ wanted, before, operation, undecided }: Deciding): Following {
  if (before === wanted) return { kind: 'nothing' };
  if (before === 'approved') {
    return { kind: 'refuse', code: 'CONFLICT', message: 'it has approved already, and its approval may be on the ledger, which does not take back', nextAction: 'cancel the operation while the contract is not committed, or upgrade to another version' };
  }
  if (operation === 'cancelling') return { kind: 'refuse', code: 'CONFLICT', message: 'what it would decide on is being taken back', nextAction: 'wait until that has ended, and look what stands then' };
  if (undecided) return { kind: hasEnded({ state: operation }) ? 'record' : 'ring' };
  if (wanted === 'rejected') return { kind: 'record' };
  if (!hasEnded({ state: operation })) return { kind: 'refuse', code: 'BUSY', message: 'enough others have approved, and the operation that commits it is at work', nextAction: 'approve again when it has ended' };
  return { kind: operation === 'succeeded' ? 'late' : 'reopen' };
}
