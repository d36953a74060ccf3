import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { BlockLineFragment } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { blockPath, type LedgerPlace } from './ledger-paths.ts';

export function BlockTable({ place, blocks }: { place: LedgerPlace; blocks: readonly BlockLineFragment[] }) {
  const { t } = useTranslation('ledger');
  const format = useFormat();
  const columns: Column<BlockLineFragment>[] = [
    { key: 'number', title: t('column.block'), show: ({ number }) => <Link to={blockPath(place, number)}>{format.number(number)}</Link> },
    { key: 'at', title: t('column.time'), show: ({ at }) => (at === null ? '–' : <Moment at={at} />) },
    { key: 'count', title: t('column.transactions'), show: ({ transactionCount }) => format.number(transactionCount), number: true },
    {
      key: 'valid',
      title: t('column.verdict'),
      show: ({ transactionCount, validCount }) =>
        validCount === transactionCount ? <Status tone="good">{t('allValid')}</Status> : <Status tone="bad">{t('invalid', { count: transactionCount - validCount })}</Status>,
    },
    { key: 'hash', title: t('column.hash'), show: ({ hash }) => <Untrusted text={hash} code /> },
  ];
  return <DataTable caption={t('blocks')} columns={columns} rows={blocks} keyOf={({ number }) => String(number)} />;
}
