import { useTranslation } from 'react-i18next';
import { channelPath, contractPath, nodePath } from '../app/paths.ts';
import { useFormat } from '../i18n/use-format.ts';
import { fitText } from './fit-text.ts';
import { Crown, RoleIcon, StateIcon } from './icons.tsx';
import { sizes, type Placed } from './layout.ts';
import type { Band as Channel, Cell } from './model.ts';
import { useNodeWords } from './node-words.ts';
import { SvgLink } from './svg-link.tsx';
import type { Colours } from './tone-colour.ts';
import css from './topology.module.css';

const inner = sizes.lane - 20;

function NodeRow({ consortium, cell, row, colours }: { consortium: string; cell: Cell; row: Cell['nodes'][number]; colours: Colours }) {
  const { t } = useTranslation('topology');
  const format = useFormat();
  const words = useNodeWords();
  const label = [
    `${cell.member}/${row.name}`,
    words.role(row.role),
    t('heightIs', { height: format.number(row.height) }),
    ...(row.lag > 0 ? [t('behind', { count: row.lag })] : []),
    ...(row.leader ? [t('leader')] : []),
  ].join(t('separator'));
  return (
    <SvgLink to={nodePath({ consortium, member: cell.member, name: row.name })} label={label}>
      <rect width={inner} height={sizes.row - 2} fill={colours.surface} fillOpacity={0} />
      <RoleIcon role={row.role} x={4} y={4} colour={colours.muted} />
      <text x={24} y={16} fontSize={12} fill={colours.text} unicodeBidi="isolate">
        {fitText(row.name, { width: inner - (row.leader ? 90 : 84), fontSize: 12 })}
      </text>
      {row.leader && <Crown x={inner - 62} y={4} colour={colours.warn} />}
      <text key={row.height} className={css.arrive} x={inner - 6} y={16} fontSize={12} fontWeight={600} textAnchor="end" fill={row.lag > 0 ? colours.warn : colours.text}>
        {row.lag > 0 ? `${format.number(row.height)} (−${format.number(row.lag)})` : format.number(row.height)}
      </text>
    </SvgLink>
  );
}

function ContractRow({ consortium, cell, row, colours }: { consortium: string; cell: Cell; row: Cell['contracts'][number]; colours: Colours }) {
  const { t } = useTranslation('topology');
  const label = [t('contractAt', { contract: row.name, member: cell.member }), row.running ? t('running') : t('notRunning')].join(t('separator'));
  return (
    <SvgLink to={contractPath(consortium, row.name)} label={label}>
      <rect width={inner} height={sizes.row - 2} fill={colours.surface} fillOpacity={0} />
      <RoleIcon role="contract" x={4} y={4} colour={colours.muted} />
      <text x={24} y={16} fontSize={12} fill={colours.text} unicodeBidi="isolate">
        {fitText(row.name, { width: inner - 56, fontSize: 12 })}
      </text>
      <StateIcon tone={row.running ? 'good' : 'busy'} x={inner - 20} y={4} colour={row.running ? colours.good : colours.link} ground={colours.surface} className={css.calm} />
    </SvgLink>
  );
}

function CellRows({ consortium, cell, colours }: { consortium: string; cell: Cell; colours: Colours }) {
  const rowY = (index: number): string => `translate(0 ${sizes.bandPadding + index * sizes.row})`;
  return (
    <>
      {cell.nodes.map((row, index) => (
        <g key={`node ${row.name}`} transform={rowY(index)}>
          <NodeRow consortium={consortium} cell={cell} row={row} colours={colours} />
        </g>
      ))}
      {cell.contracts.map((row, index) => (
        <g key={`contract ${row.name}`} transform={rowY(cell.nodes.length + index)}>
          <ContractRow consortium={consortium} cell={cell} row={row} colours={colours} />
        </g>
      ))}
    </>
  );
}

interface Properties {
  consortium: string;
  band: Channel;
  placed: Placed;
  index: number;
  colours: Colours;
}

/** A channel, across the lanes of all members; pale where a member takes no part. */
export function Band({ consortium, band, placed, index, colours }: Properties) {
  const { t } = useTranslation('topology');
  const format = useFormat();
  const { y = 0, height = 0 } = placed.bands[index] ?? {};
  const right = placed.width - sizes.margin;
  const heightWords = band.height === null ? t('noBlocks') : t('heightIs', { height: format.number(band.height) });
  const label = [t('channelIs', { channel: band.channel }), heightWords, band.ready ? t('ready') : t('notReady'), ...(band.leader === null ? [] : [t('leaderIs', { leader: band.leader })])].join(t('separator'));
  return (
    <g>
      <rect x={sizes.margin} y={y} width={right - sizes.margin} height={height} rx={8} fill={colours.selected} stroke={band.ready ? colours.link : colours.warn} strokeOpacity={0.5} className={css.calm} />
      <SvgLink to={channelPath(consortium, band.channel)} label={label}>
        <rect x={sizes.margin} y={y} width={sizes.label - 8} height={height} rx={8} fill={colours.selected} fillOpacity={0} />
        <text x={sizes.margin + 12} y={y + 24} fontSize={13} fontWeight={600} fill={colours.link} unicodeBidi="isolate">
          {fitText(band.channel, { width: sizes.label - 28, fontSize: 13 })}
        </text>
        <text key={band.height} className={css.arrive} x={sizes.margin + 12} y={y + 43} fontSize={12} fill={colours.muted}>
          {heightWords}
        </text>
      </SvgLink>
      {band.cells.map((cell, at) => (
        <g key={cell.member} transform={`translate(${placed.laneX(at) + 10} ${y})`}>
          {cell.takesPart ? (
            <CellRows consortium={consortium} cell={cell} colours={colours} />
          ) : (
            <>
              <rect x={-6} y={4} width={sizes.lane - 8} height={height - 8} rx={6} fill={colours.surface} fillOpacity={0.75} />
              <text x={inner / 2} y={height / 2 + 4} textAnchor="middle" fontSize={12} fill={colours.muted}>
                {t('takesNoPart')}
              </text>
            </>
          )}
        </g>
      ))}
    </g>
  );
}
