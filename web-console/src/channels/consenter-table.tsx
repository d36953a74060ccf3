import { CrownFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { nodePath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { NodeHealth } from '../consortia/node-health.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type ChannelNow = ConsortiumNow['channels'][number];
type Row = ChannelNow['consenters'][number];

/** The orderers that decide on the order of a channel's blocks. */
export function ConsenterTable({ consortium, channel }: { consortium: ConsortiumNow; channel: ChannelNow }) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const nameOf = ({ member, node }: Row): string => `${member}/${node}`;
  const health = (row: Row) => consortium.nodes.find(({ member, name }) => member === row.member && name === row.node)?.health ?? null;
  const columns: Column<Row>[] = [
    { key: 'node', title: t('column.orderer'), show: (row) => <Link to={nodePath({ consortium: consortium.name, member: row.member, name: row.node })}><Untrusted text={nameOf(row)} /></Link> },
    { key: 'health', title: t('column.state'), show: (row) => <NodeHealth health={health(row)} /> },
    { key: 'leads', title: t('column.leads'), show: (row) => (nameOf(row) === channel.leader ? <><CrownFilled aria-hidden /> {t('leads')}</> : t('follows')) },
    { key: 'joined', title: t('column.joined'), show: ({ joined }) => (joined ? <Status tone="good">{t('yes')}</Status> : <Status tone="busy">{t('notYet')}</Status>) },
    { key: 'height', title: t('column.height'), show: ({ height }) => (height === null ? '–' : format.number(height)), number: true },
    { key: 'endpoint', title: t('column.endpoint'), show: ({ endpoint }) => (endpoint === null ? '–' : <Untrusted text={endpoint} code />) },
  ];
  if (channel.consenters.length === 0) return <Empty title={t('noConsenters')} />;
  return <DataTable caption={t('consenters')} columns={columns} rows={channel.consenters} keyOf={nameOf} />;
}
