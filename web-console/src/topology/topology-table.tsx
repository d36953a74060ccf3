import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { channelPath, nodePath } from '../app/paths.ts';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { toneOfNode } from '../consortia/node-state.ts';
import { useFormat } from '../i18n/use-format.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Panel } from '../ui/panel.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { topologyOf, type Cell, type NodeCard } from './model.ts';
import { useNodeWords } from './node-words.ts';

type InChannel = { channel: string } & ({ kind: 'node'; cell: Cell; node: Cell['nodes'][number] } | { kind: 'contract'; cell: Cell; contract: Cell['contracts'][number] });

function NodeCards({ consortium, cards }: { consortium: string; cards: readonly NodeCard[] }) {
  const { t } = useTranslation('topology');
  const format = useFormat();
  const words = useNodeWords();
  const days = ({ expiresInDays }: NodeCard) => {
    if (expiresInDays === undefined) return <Status tone="good">{t('certificatesFine')}</Status>;
    return <Status tone="warn">{expiresInDays < 0 ? t('certificateExpired') : t('certificateDays', { count: expiresInDays })}</Status>;
  };
  const columns: Column<NodeCard>[] = [
    { key: 'node', title: t('column.node'), show: ({ member, name }) => <Link to={nodePath({ consortium, member, name })}><Untrusted text={`${member}/${name}`} /></Link> },
    { key: 'role', title: t('column.role'), show: ({ role }) => words.role(role) },
    { key: 'state', title: t('column.state'), show: ({ state }) => <Status tone={toneOfNode[state]}>{words.state(state)}</Status> },
    { key: 'leads', title: t('column.leads'), show: ({ leads }) => (leads.length === 0 ? '–' : format.list(leads)) },
    { key: 'lag', title: t('column.lag'), show: ({ lag }) => (lag === 0 ? t('upToDate') : t('behind', { count: lag })) },
    { key: 'certificates', title: t('column.certificates'), show: days },
    { key: 'version', title: t('column.version'), show: ({ version }) => version ?? '–' },
  ];
  return <DataTable caption={t('nodes')} columns={columns} rows={cards} keyOf={({ member, name }) => `${member}/${name}`} />;
}

function InChannels({ consortium, rows }: { consortium: string; rows: readonly InChannel[] }) {
  const { t } = useTranslation('topology');
  const format = useFormat();
  const words = useNodeWords();
  const columns: Column<InChannel>[] = [
    { key: 'channel', title: t('column.channel'), show: ({ channel }) => <Link to={channelPath(consortium, channel)}><Untrusted text={channel} /></Link> },
    { key: 'member', title: t('column.member'), show: ({ cell }) => <Untrusted text={cell.member} /> },
    { key: 'what', title: t('column.what'), show: (row) => <Untrusted text={row.kind === 'node' ? row.node.name : row.contract.name} /> },
    { key: 'role', title: t('column.role'), show: (row) => (row.kind === 'node' ? words.role(row.node.role) : t('role.contract')) },
    {
      key: 'state',
      title: t('column.there'),
      show: (row) => {
        if (row.kind === 'contract') return row.contract.running ? <Status tone="good">{t('running')}</Status> : <Status tone="busy">{t('notRunning')}</Status>;
        return [t('heightIs', { height: format.number(row.node.height) }), ...(row.node.lag > 0 ? [t('behind', { count: row.node.lag })] : []), ...(row.node.leader ? [t('leader')] : [])].join(t('separator'));
      },
    },
  ];
  const keyOf = (row: InChannel): string => `${row.channel} ${row.cell.member} ${row.kind} ${row.kind === 'node' ? row.node.name : row.contract.name}`;
  return <DataTable caption={t('inChannels')} columns={columns} rows={rows} keyOf={keyOf} />;
}

/** All that the picture shows. */
export function TopologyTable({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('topology');
  const { lanes, bands } = topologyOf(consortium, new Date());
  const rows = bands.flatMap(({ channel, cells }) =>
    cells.flatMap((cell): InChannel[] => [
      ...cell.nodes.map((node) => ({ channel, kind: 'node' as const, cell, node })),
      ...cell.contracts.map((contract) => ({ channel, kind: 'contract' as const, cell, contract })),
    ]),
  );
  return (
    <>
      <Panel title={t('nodes')} flush>
        <NodeCards consortium={consortium.name} cards={lanes.flatMap(({ nodes }) => nodes)} />
      </Panel>
      {rows.length > 0 && (
        <Panel title={t('inChannels')} flush>
          <InChannels consortium={consortium.name} rows={rows} />
        </Panel>
      )}
    </>
  );
}
