import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppearance } from '../app/appearance-context.ts';
import { nodesPath } from '../app/paths.ts';
import { fontFamily, paletteOf } from '../app/theme.ts';
import { Band } from './band.tsx';
import { fitText } from './fit-text.ts';
import { layOut, sizes, type Placed } from './layout.ts';
import type { Band as Channel, Lane } from './model.ts';
import { NodeCard } from './node-card.tsx';
import { SvgLink } from './svg-link.tsx';
import type { Colours } from './tone-colour.ts';

function LaneGround({ x, placed, colours }: { x: number; placed: Placed; colours: Colours }) {
  return <rect x={x} y={placed.lanesTop} width={sizes.lane} height={placed.lanesHeight} rx={8} fill={colours.surface} stroke={colours.line} />;
}

function LaneContent({ consortium, lane, x, placed, colours }: { consortium: string; lane: Lane; x: number; placed: Placed; colours: Colours }) {
  const { t } = useTranslation('topology');
  return (
    <g>
      <SvgLink to={`${nodesPath(consortium)}?member=${encodeURIComponent(lane.member)}`} label={t('memberIs', { member: lane.title, mspId: lane.mspId })}>
        <text x={x + 12} y={placed.lanesTop + 21} fontSize={13.5} fontWeight={600} fill={colours.text} unicodeBidi="isolate">
          {fitText(lane.title, { width: sizes.lane - 24, fontSize: 13.5 })}
        </text>
        <text x={x + 12} y={placed.lanesTop + 38} fontSize={11.5} fill={colours.muted} unicodeBidi="isolate">
          {fitText(lane.mspId, { width: sizes.lane - 24, fontSize: 11.5 })}
        </text>
      </SvgLink>
      {lane.nodes.map((card, index) => (
        <NodeCard key={card.name} consortium={consortium} card={card} x={x + 10} y={placed.cardY(index)} colours={colours} />
      ))}
    </g>
  );
}

interface Properties {
  ref: Ref<SVGSVGElement>;
  consortium: string;
  lanes: readonly Lane[];
  bands: readonly Channel[];
}

/** Colours and fonts stand in the elements themselves: the same drawing is what is exported. */
export function Drawing({ ref, consortium, lanes, bands }: Properties) {
  const { t } = useTranslation('topology');
  const { dark } = useAppearance();
  const colours = paletteOf(dark);
  const placed = layOut(lanes, bands);
  return (
    <svg ref={ref} width={placed.width} height={placed.height} viewBox={`0 0 ${placed.width} ${placed.height}`} fontFamily={fontFamily} role="group" aria-label={t('drawing', { consortium })}>
      <rect width={placed.width} height={placed.height} fill={colours.ground} />
      {lanes.map(({ member }, index) => (
        <LaneGround key={member} x={placed.laneX(index)} placed={placed} colours={colours} />
      ))}
      {lanes.map((lane, index) => (
        <LaneContent key={lane.member} consortium={consortium} lane={lane} x={placed.laneX(index)} placed={placed} colours={colours} />
      ))}
      {bands.map((band, index) => (
        <Band key={band.channel} consortium={consortium} band={band} placed={placed} index={index} colours={colours} />
      ))}
    </svg>
  );
}
