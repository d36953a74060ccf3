import { useTranslation } from 'react-i18next';
import type { ChannelActivityQuery } from '../graphql/generated/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import css from './activity.module.css';

type Row = ChannelActivityQuery['channel']['parts'][number];

/** Only the times in which something happened, the newest first. */
export function ActivityTable({ parts }: { parts: readonly Row[] }) {
  const { t } = useTranslation('activity');
  const format = useFormat();
  const rows = parts.filter(({ transactions, blocks }) => transactions > 0 || blocks > 0).reverse();
  const columns: Column<Row>[] = [
    { key: 'from', title: t('from'), show: ({ from }) => <Moment at={from} /> },
    { key: 'to', title: t('to'), show: ({ to }) => <Moment at={to} /> },
    { key: 'transactions', title: t('transactions'), show: ({ transactions }) => format.number(transactions), number: true },
    { key: 'invalid', title: t('invalid'), show: ({ invalid }) => format.number(invalid), number: true },
    { key: 'blocks', title: t('blocks'), show: ({ blocks }) => format.number(blocks), number: true },
    {
      key: 'latency',
      title: t('latency'),
      show: ({ medianCommitLatencyMs: latency }) => (latency === null ? '–' : t('milliseconds', { time: format.number(Math.round(latency)) })),
      number: true,
    },
  ];
  if (rows.length === 0) return null;
  return (
    <details className={css.table}>
      <summary>{t('asTable')}</summary>
      <DataTable caption={t('asTable')} columns={columns} rows={rows} keyOf={({ from }) => from} />
    </details>
  );
}
