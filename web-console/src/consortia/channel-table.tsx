import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { channelPath } from '../app/paths.ts';
import { survivedLosses } from '../create-consortium/quorum.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import type { ConsortiumNow } from './consortium-context.ts';
import { ReadyStatus } from './ready-status.tsx';

type Row = ConsortiumNow['channels'][number];

export function ChannelTable({ consortium, channels }: { consortium: string; channels: readonly Row[] }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.channel'), show: ({ name }) => <Link to={channelPath(consortium, name)}><Untrusted text={name} /></Link> },
    { key: 'ready', title: t('column.state'), show: ({ ready }) => <ReadyStatus ready={ready} /> },
    { key: 'height', title: t('column.height'), show: ({ height }) => (height === null ? '–' : format.number(height)), number: true },
    { key: 'members', title: t('column.members'), show: ({ members }) => format.list(members.map(({ name }) => name)) },
    { key: 'orderers', title: t('column.ordering'), show: ({ consenters }) => t('orderersSurvive', { count: consenters.length, losses: survivedLosses(consenters.length) }) },
    { key: 'leader', title: t('column.leader'), show: ({ leader }) => (leader ? <Untrusted text={leader} /> : '–') },
    { key: 'policy', title: t('column.endorsement'), show: ({ endorsementPolicy }) => <Untrusted text={endorsementPolicy} code /> },
  ];
  if (channels.length === 0) return <Empty title={t('none.channels')} />;
  return <DataTable caption={t('channels')} columns={columns} rows={channels} keyOf={({ id }) => id} />;
}
