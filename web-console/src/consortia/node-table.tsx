import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/empty.tsx';
import { Status, type Tone } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import type { ConsortiumNow } from './consortium-context.ts';

type Row = ConsortiumNow['nodes'][number];

const tones = { Healthy: 'good', Unhealthy: 'bad', Unreachable: 'bad', Starting: 'busy', Ended: 'bad' } as const satisfies Record<string, Tone>;
type HealthState = keyof typeof tones;
const states = Object.keys(tones) as HealthState[];

function NodeHealth({ node }: { node: Row }) {
  const { t } = useTranslation('consortium');
  const known = states.find((state) => state === node.health?.state);
  if (!known) return <Status tone="pending">{t('nodeHealth.unknown')}</Status>;
  return (
    <>
      <Status tone={tones[known]}>{t(`nodeHealth.${known}`)}</Status>
      {known !== 'Healthy' && node.health && <div><Untrusted text={node.health.message} /></div>}
    </>
  );
}

export function NodeTable({ nodes }: { nodes: readonly Row[] }) {
  const { t } = useTranslation('consortium');
  const format = useFormat();
  const role = (name: string): string => (name === 'peer' || name === 'orderer' ? t(`nodeRole.${name}`) : name);
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.node'), show: ({ name, member }) => <Untrusted text={`${member}/${name}`} /> },
    { key: 'health', title: t('column.state'), show: (node) => <NodeHealth node={node} /> },
    { key: 'role', title: t('column.role'), show: (node) => role(node.role) },
    {
      key: 'channels',
      title: t('column.channelHeights'),
      show: ({ channels }) => channels.map(({ name, height, lag, leader }) => (
        <div key={name}>
          <Untrusted text={name} /> {format.number(height)}
          {lag > 0 && <> · {t('behind', { count: lag })}</>}
          {leader && <> · {t('leader')}</>}
        </div>
      )),
    },
    { key: 'restarts', title: t('column.restarts'), show: ({ restarts }) => format.number(restarts), number: true },
    { key: 'endpoint', title: t('column.endpoint'), show: ({ endpoint }) => (endpoint ? <Untrusted text={endpoint} code /> : '–') },
  ];
  if (nodes.length === 0) return <Empty title={t('none.nodes')} />;
  return <DataTable caption={t('nodes')} columns={columns} rows={nodes} keyOf={({ id }) => id} />;
}
