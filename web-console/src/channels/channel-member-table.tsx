import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { nodesPath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type ChannelNow = ConsortiumNow['channels'][number];
type Row = ChannelNow['members'][number];

/** The members of a channel: whether they consented, and how far their peers are. */
export function ChannelMemberTable({ consortium, channel }: { consortium: ConsortiumNow; channel: ChannelNow }) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const shown = (name: string): string => consortium.members.find((member) => member.name === name)?.displayName ?? name;
  const joined = ({ peers, peersJoined }: Row) => {
    const words = t('joinedOf', { joined: peersJoined, all: peers });
    return <Status tone={peers === 0 ? 'idle' : peersJoined === peers ? 'good' : 'busy'}>{words}</Status>;
  };
  const columns: Column<Row>[] = [
    { key: 'member', title: t('column.member'), show: ({ name }) => <Link to={`${nodesPath(consortium.name)}?member=${encodeURIComponent(name)}`}><Untrusted text={shown(name)} /></Link> },
    { key: 'consented', title: t('column.consented'), show: ({ consented }) => (consented ? <Status tone="good">{t('yes')}</Status> : <Status tone="pending">{t('notYet')}</Status>) },
    { key: 'joined', title: t('column.joined'), show: joined },
    { key: 'height', title: t('column.height'), show: ({ height }) => (height === null ? '–' : format.number(height)), number: true },
  ];
  if (channel.members.length === 0) return <Empty title={t('noMembers')} />;
  return <DataTable caption={t('members')} columns={columns} rows={channel.members} keyOf={({ name }) => name} />;
}
