export { issueAdminToken, issueSignInCode } from './access/issue-access.ts';
export { codeLifeMinutes } from './access/sessions.ts';
export { ConsoleFolderError, readConsole, type Console } from './console/console-folder.ts';
export { startControlPlane, type ControlPlane } from './control-plane.ts';
export type { BuiltContract, ContractCatalogue, Template, TemplateVersion } from './contracts/catalogue.ts';
export type { Capacity } from './consortia/capacity.ts';
export { ApiProblem, errorCodes, type ErrorCode, type Problem } from './errors.ts';
export { createGatewayLedger } from './ledger/gateway-ledger.ts';
export type { Ledger, SubmitInput, SubmittedTransaction, TransactionInput } from './ledger/ledger.ts';
