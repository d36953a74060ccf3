import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import type { ConsortiumNow } from './consortium-context.ts';
import { ReadyStatus } from './ready-status.tsx';

type Row = ConsortiumNow['members'][number];

export function MemberTable({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  const role = (name: string): string => (name === 'ordering' || name === 'endorsing' || name === 'observing' ? t(`role.${name}`) : name);
  const count = (member: string, wanted: string): number => consortium.nodes.filter((node) => node.member === member && node.role === wanted).length;
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.member'), show: ({ name, displayName }) => <><Untrusted text={displayName ?? name} />{displayName !== null && displayName !== name && <> <Untrusted text={name} code /></>}</> },
    { key: 'ready', title: t('column.state'), show: ({ ready }) => <ReadyStatus ready={ready} /> },
    { key: 'msp', title: t('column.mspId'), show: ({ mspId }) => <Untrusted text={mspId} code /> },
    { key: 'roles', title: t('column.roles'), show: ({ roles }) => format.list(roles.map(role)) },
    { key: 'peers', title: t('column.peers'), show: ({ name }) => format.number(count(name, 'peer')), number: true },
    { key: 'orderers', title: t('column.orderers'), show: ({ name }) => format.number(count(name, 'orderer')), number: true },
    { key: 'acts', title: t('column.applicationRoles'), show: ({ applicationRoles }) => (applicationRoles.length > 0 ? format.list(applicationRoles) : '–') },
  ];
  if (consortium.members.length === 0) return <Empty title={t('none.members')} />;
  return <DataTable caption={t('members')} columns={columns} rows={consortium.members} keyOf={({ id }) => id} />;
}
