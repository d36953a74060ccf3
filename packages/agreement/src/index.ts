export { AgreementError, type AgreementErrorCode } from './errors.ts';
export { ledgerSettings, type LedgerProfile } from './ledger-settings.ts';
export { channelConfiguration, type AgreedChannel, type AgreedMember, type AgreedOrderer } from './channel-configuration.ts';
export { contractDefinition, contractPackage } from './contract-definition.ts';
