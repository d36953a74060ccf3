export { LEDGER_PROFILES, type LedgerProfile, type ProfileName } from './profile.ts';
