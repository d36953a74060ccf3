import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { channelPath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { majorityOf, survivedLosses } from '../create-consortium/quorum.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type Node = ConsortiumNow['nodes'][number];
type Row = Node['channels'][number];

/** The channels of a node, each with how far it is and with what depends on it there. */
export function NodeChannels({ consortium, node }: { consortium: ConsortiumNow; node: Node }) {
  const { t } = useTranslation('nodes');
  const format = useFormat();
  const weight = ({ name }: Row): string => {
    if (node.role === 'orderer') {
      const count = consortium.channels.find((channel) => channel.name === name)?.consenters.length ?? 0;
      return t('ordererWeight', { count, needed: majorityOf(count), losses: survivedLosses(count) });
    }
    return t('peerWeight', { count: consortium.nodes.filter((other) => other.member === node.member && other.role === 'peer' && other.channels.some((channel) => channel.name === name)).length, member: node.member });
  };
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.channel'), show: ({ name }) => <Link to={channelPath(consortium.name, name)}><Untrusted text={name} /></Link> },
    { key: 'height', title: t('column.height'), show: ({ height }) => format.number(height), number: true },
    { key: 'lag', title: t('column.lag'), show: ({ lag }) => (lag === 0 ? <Status tone="good">{t('upToDate')}</Status> : <Status tone="warn">{t('behind', { count: lag })}</Status>) },
    ...(node.role === 'orderer' ? [{ key: 'leads', title: t('column.leads'), show: ({ leader }: Row) => (leader ? t('leads') : t('follows')) }] : []),
    { key: 'weight', title: t('column.weight'), show: weight },
  ];
  if (node.channels.length === 0) return <Empty title={t('noChannels')}>{t('noChannelsLead')}</Empty>;
  return <DataTable caption={t('channels')} columns={columns} rows={node.channels} keyOf={({ name }) => name} />;
}
