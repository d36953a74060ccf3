export { type ContractRefusal, TRANSACTION_ERROR_CODES, TransactionError, type TransactionErrorCode } from './errors.ts';
export { type LedgerGateway, type LedgerGatewayOptions, createLedgerGateway } from './gateway.ts';
export type { EvaluateRequest, SubmitRequest, SubmittedTransaction } from './requests.ts';
