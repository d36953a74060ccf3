import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CallContractMutation } from '../../graphql/generated/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { transactionPath } from '../../ledger/ledger-paths.ts';
import css from '../contracts.module.css';

/** JSON is shown with its structure, anything else as it is. */
export function prettified(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

export function Answer({ text }: { text: string }) {
  const { t } = useTranslation('call');
  if (text === '') return <p>{t('answer.empty')}</p>;
  return (
    <pre className={css.code} lang="en" dir="ltr" tabIndex={0} aria-label={t('answer.title')}>
      {prettified(text)}
    </pre>
  );
}

export function Committed({ transaction, consortium, channel }: { transaction: CallContractMutation['submitTransaction']; consortium: string; channel: string }) {
  const { t } = useTranslation('call');
  const format = useFormat();
  const { transactionId, blockNumber, endorsers, validationCode } = transaction;
  return (
    <Facts
      facts={[
        { term: t('answer.transaction'), value: <><Copyable text={transactionId} what={t('answer.transaction')} /> <Link to={transactionPath({ consortium, channel }, transactionId)}>{t('answer.toTransaction')}</Link></> },
        { term: t('answer.block'), value: format.number(blockNumber) },
        { term: t('answer.validation'), value: <Untrusted text={validationCode} code /> },
        { term: t('answer.endorsers'), value: endorsers.length > 0 ? format.list(endorsers) : '–' },
      ]}
    />
  );
}
