import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { contractPath } from '../app/paths.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import type { ConsortiumNow } from './consortium-context.ts';
import { ReadyStatus } from './ready-status.tsx';

type Row = ConsortiumNow['contracts'][number];

export function ContractTable({ consortium, contracts }: { consortium: string; contracts: readonly Row[] }) {
  const { t } = useTranslation('consortium');
  const at = (row: Row, holds: (member: Row['members'][number]) => boolean): string => t('readyOf', { ready: row.members.filter(holds).length, all: row.members.length });
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.contract'), show: ({ name }) => <Link to={contractPath(consortium, name)}><Untrusted text={name} /></Link> },
    { key: 'ready', title: t('column.state'), show: ({ ready }) => <ReadyStatus ready={ready} /> },
    { key: 'channel', title: t('column.channel'), show: ({ channel }) => <Untrusted text={channel} /> },
    { key: 'version', title: t('column.version'), show: ({ version }) => <Untrusted text={version} code /> },
    { key: 'committed', title: t('column.committed'), show: ({ committedVersion }) => (committedVersion ? <Untrusted text={committedVersion} code /> : '–') },
    { key: 'installed', title: t('column.installed'), show: (row) => at(row, ({ installed }) => installed), number: true },
    { key: 'same', title: t('column.sameCode'), show: (row) => at(row, ({ sameCode }) => sameCode), number: true },
    { key: 'approved', title: t('column.approved'), show: (row) => at(row, ({ approved }) => approved), number: true },
    { key: 'running', title: t('column.running'), show: (row) => at(row, ({ running }) => running), number: true },
  ];
  if (contracts.length === 0) return <Empty title={t('none.contracts')} />;
  return <DataTable caption={t('contracts')} columns={columns} rows={contracts} keyOf={({ id }) => id} />;
}
