import { TransactionError, type LedgerGateway, type TransactionErrorCode } from '@guildhall/ledger-gateway';
import { ApiProblem, type ErrorCode } from '../errors.ts';
import type { Ledger, SubmitInput, TransactionInput } from './ledger.ts';

const codes: Record<TransactionErrorCode, ErrorCode> = {
  NOT_FOUND: 'NOT_FOUND',
  DENIED: 'FORBIDDEN',
  INVALID_ARGUMENT: 'INVALID_INPUT',
  CONTRACT_REFUSED: 'CONTRACT_REFUSED',
  TRANSACTION_INVALID: 'TRANSACTION_REFUSED',
  ENDORSEMENT_MISMATCH: 'TRANSACTION_REFUSED',
  NOT_READY: 'LEDGER_UNAVAILABLE',
  NOT_ANSWERED: 'LEDGER_UNAVAILABLE',
  NOT_ENDORSED: 'LEDGER_UNAVAILABLE',
  NOT_ORDERED: 'LEDGER_UNAVAILABLE',
  OUTCOME_UNKNOWN: 'LEDGER_UNAVAILABLE',
  DEADLINE_EXCEEDED: 'LEDGER_UNAVAILABLE',
  NO_IDENTITY: 'LEDGER_UNAVAILABLE',
  OVERLOADED: 'LEDGER_UNAVAILABLE',
};

export function toProblem(error: unknown): unknown {
  if (!(error instanceof TransactionError)) return error;
  const { code, message, nextAction, contract, validation, transactionId, requestId, retryable, nodes } = error;
  return new ApiProblem({ code: codes[code], message, nextAction }, { cause: error, details: { reason: code, retryable, contract, validation, transactionId, requestId, nodes } });
}

const withoutUndefined = <T extends SubmitInput | TransactionInput>({ role, ...input }: T) => ({ ...input, ...(role === undefined ? {} : { role }) });

export const createGatewayLedger = (gateway: Pick<LedgerGateway, 'submitTransaction' | 'evaluateTransaction'>): Ledger => ({
  submit: async ({ requestId, endorsingMembers, ...input }) => {
    try {
      return await gateway.submitTransaction({
        ...withoutUndefined(input),
        ...(requestId === undefined ? {} : { requestId }),
        ...(endorsingMembers === undefined ? {} : { endorsingMembers }),
      });
    } catch (error) {
      throw toProblem(error);
    }
  },
  evaluate: async (input) => {
    try {
      return await gateway.evaluateTransaction(withoutUndefined(input));
    } catch (error) {
      throw toProblem(error);
    }
  },
});
