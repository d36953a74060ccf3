import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { TransactionLineFragment } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { blockPath, transactionPath } from './ledger-paths.ts';
import { memberOf, type Ledger } from './use-ledger.ts';

/** What a transaction is called: what it calls, or what else it is. */
export function useTransactionName(): (transaction: Pick<TransactionLineFragment, 'type' | 'contract' | 'function'>) => string {
  const { t } = useTranslation('ledger');
  return ({ type, contract, function: name }) => {
    if (type === 'configuration') return t('configuration');
    if (contract === null) return t('otherKind');
    return name === null ? contract : `${contract} · ${name}`;
  };
}

/** @param withBlock left out where all are of one block */
export function TransactionTable({ ledger, transactions, withBlock }: { ledger: Ledger; transactions: readonly TransactionLineFragment[]; withBlock: boolean }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const nameOf = useTransactionName();
  const columns: Column<TransactionLineFragment>[] = [
    {
      key: 'what',
      title: t('column.call'),
      show: (row) => (row.id === '' ? <Untrusted text={nameOf(row)} /> : <Link to={transactionPath(ledger, row.id)}><Untrusted text={nameOf(row)} /></Link>),
    },
    {
      key: 'verdict',
      title: t('column.verdict'),
      show: ({ validation }) => (validation.valid ? <Status tone="good">{t('valid')}</Status> : <Status tone="bad"><Untrusted text={validation.name} code /></Status>),
    },
    { key: 'member', title: t('column.submitter'), show: ({ creator }) => (creator ? <Untrusted text={memberOf(ledger, creator.mspId) ?? creator.mspId} /> : '–') },
    ...(withBlock
      ? [{ key: 'block', title: t('column.block'), show: ({ blockNumber }: TransactionLineFragment) => <Link to={blockPath(ledger, blockNumber)}>{format.number(blockNumber)}</Link>, number: true }]
      : [{ key: 'index', title: t('column.place'), show: ({ index }: TransactionLineFragment) => format.number(index), number: true }]),
    { key: 'at', title: t('column.time'), show: ({ at }) => (at === null ? '–' : <Moment at={at} />) },
    { key: 'id', title: t('column.id'), show: ({ id }) => (id === '' ? '–' : <Untrusted text={id} code />) },
  ];
  return <DataTable caption={t('transactions')} columns={columns} rows={transactions} keyOf={({ blockNumber, index }) => `${blockNumber}-${index}`} />;
}
