import { useTranslation } from 'react-i18next';

const known = [
  'VALID', 'BAD_CREATOR_SIGNATURE', 'INVALID_ENDORSER_TRANSACTION', 'INVALID_CONFIG_TRANSACTION', 'DUPLICATE_TXID', 'ENDORSEMENT_POLICY_FAILURE',
  'MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT', 'EXPIRED_CHAINCODE', 'INVALID_WRITESET',
] as const;

interface Verdict {
  name: string;
  meaning: string;
  nextAction: string;
}

/** The peers' verdict in the reader's language; the rarer ones as the server says them. */
export function useValidationWords(): (verdict: Verdict) => { meaning: string; nextAction: string; language: 'en' | undefined } {
  const { t } = useTranslation('ledger');
  return ({ name, meaning, nextAction }) => {
    const found = known.find((candidate) => candidate === name);
    if (!found) return { meaning, nextAction, language: 'en' };
    return { meaning: t(`validation.${found}.meaning`), nextAction: t(`validation.${found}.next`), language: undefined };
  };
}
