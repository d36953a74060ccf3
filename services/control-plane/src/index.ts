export { issueAdminToken } from './access/issue-admin-token.ts';
export { startControlPlane, type ControlPlane } from './control-plane.ts';
export type { BuiltContract, CheckedSource, ContractCatalogue, ContractSource, InterfaceEntry, SourceProblem, Template, TemplateVersion } from './contracts/catalogue.ts';
export type { Capacity } from './consortia/capacity.ts';
export { ApiProblem, errorCodes, type ErrorCode, type Problem } from './errors.ts';
export { createGatewayLedger } from './ledger/gateway-ledger.ts';
export type { Ledger, SubmitInput, SubmittedTransaction, TransactionInput } from './ledger/ledger.ts';
