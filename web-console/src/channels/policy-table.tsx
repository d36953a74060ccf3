import { useTranslation } from 'react-i18next';
import type { ChannelSettingsQuery } from '../graphql/generated/graphql.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import css from './channels.module.css';

type Row = NonNullable<ChannelSettingsQuery['channel']['settings']>['policies'][number];

const groups = ['Channel', 'Orderer', 'Application'] as const;

/** Who must sign what: in words, and in Fabric's own language. */
export function PolicyTable({ policies }: { policies: readonly Row[] }) {
  const { t } = useTranslation('channels');
  const group = (name: string): string => {
    const known = groups.find((candidate) => candidate === name);
    return known ? t(`group.${known}`) : name;
  };
  const columns: Column<Row>[] = [
    { key: 'group', title: t('column.group'), show: (row) => group(row.group) },
    { key: 'name', title: t('column.policy'), show: ({ name }) => <Untrusted text={name} code /> },
    { key: 'words', title: t('column.words'), show: ({ words }) => <ServerText text={words} className={css.words} /> },
    { key: 'rule', title: t('column.rule'), show: ({ policy }) => <Untrusted text={policy} code /> },
  ];
  return <DataTable caption={t('policies')} columns={columns} rows={policies} keyOf={({ group: of, name }) => `${of}/${name}`} />;
}
