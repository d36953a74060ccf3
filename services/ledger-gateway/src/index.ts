export { explainValidationCode, type ContractAction, type BlockTransaction, type DescribedConfiguration, type Signatory } from '@guildhall/fabric';
export type { ChannelSettings } from './blocks/channel-settings.ts';
export { LedgerChangedError, type FollowedBlock, type LedgerPosition } from './blocks/follow-blocks.ts';
export type { LedgerBlock } from './blocks/ledger-block.ts';
export type { LedgerBlocks } from './blocks/ledger-blocks.ts';
export type { LedgerAddress } from './blocks/peer-readers.ts';
export { type ContractRefusal, TRANSACTION_ERROR_CODES, TransactionError, type TransactionErrorCode } from './errors.ts';
export { type LedgerGateway, type LedgerGatewayOptions, createLedgerGateway } from './gateway.ts';
export type { EvaluateRequest, SubmitRequest, SubmittedTransaction } from './requests.ts';
