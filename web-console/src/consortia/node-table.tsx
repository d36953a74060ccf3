import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { nodePath } from '../app/paths.ts';
import { DaysLeft } from '../certificates/days-left.tsx';
import { firstToExpire } from '../certificates/expiry.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { ChannelHeight } from './channel-height.tsx';
import type { ConsortiumNow } from './consortium-context.ts';
import { NodeHealth } from './node-health.tsx';

type Row = ConsortiumNow['nodes'][number];

export function NodeTable({ consortium, nodes }: { consortium: string; nodes: readonly Row[] }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  const role = (name: string): string => (name === 'peer' || name === 'orderer' ? t(`nodeRole.${name}`) : name);
  const expiring = ({ certificates }: Row) => {
    const first = firstToExpire(certificates);
    return first ? <DaysLeft notAfter={first.notAfter} /> : '–';
  };
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.node'), show: ({ name, member }) => <Link to={nodePath({ consortium, member, name })}><Untrusted text={`${member}/${name}`} /></Link> },
    { key: 'health', title: t('column.state'), show: ({ health }) => <NodeHealth health={health} /> },
    { key: 'role', title: t('column.role'), show: (node) => role(node.role) },
    { key: 'channels', title: t('column.channelHeights'), show: ({ channels }) => (channels.length === 0 ? '–' : channels.map((channel) => <ChannelHeight key={channel.name} channel={channel} />)) },
    { key: 'certificates', title: t('column.certificates'), show: expiring },
    { key: 'restarts', title: t('column.restarts'), show: ({ restarts }) => format.number(restarts), number: true },
    { key: 'version', title: t('column.fabric'), show: ({ version }) => (version === null ? '–' : <Untrusted text={version} code />) },
    { key: 'endpoint', title: t('column.endpoint'), show: ({ endpoint }) => (endpoint ? <Untrusted text={endpoint} code /> : '–') },
  ];
  if (nodes.length === 0) return <Empty title={t('none.nodes')} />;
  return <DataTable caption={t('nodes')} columns={columns} rows={nodes} keyOf={({ id }) => id} />;
}
