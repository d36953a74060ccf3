import { useTranslation } from 'react-i18next';
import { nodePath } from '../app/paths.ts';
import { toneOfNode } from '../consortia/node-state.ts';
import { fitText } from './fit-text.ts';
import { Crown, RoleIcon, StateIcon } from './icons.tsx';
import { sizes } from './layout.ts';
import type { NodeCard as Card } from './model.ts';
import { SvgLink } from './svg-link.tsx';
import type { Colours } from './tone-colour.ts';
import { toneColour } from './tone-colour.ts';
import { useNodeWords } from './node-words.ts';
import css from './topology.module.css';

const width = sizes.lane - 20;

/** A short mark at the right end of a card's second line. */
function Badge({ right, text, colour }: { right: number; text: string; colour: string }) {
  return (
    <text x={right} y={40} textAnchor="end" fontSize={11.5} fontWeight={600} fill={colour}>
      {text}
    </text>
  );
}

export function NodeCard({ consortium, card, x, y, colours }: { consortium: string; card: Card; x: number; y: number; colours: Colours }) {
  const { t } = useTranslation('topology');
  const words = useNodeWords();
  const tone = toneOfNode[card.state];
  const marks = [
    ...(card.expiresInDays === undefined ? [] : [{ text: card.expiresInDays < 0 ? t('badge.expired') : t('badge.days', { days: card.expiresInDays }), colour: colours.warn }]),
    ...(card.lag === 0 ? [] : [{ text: t('badge.lag', { lag: card.lag }), colour: colours.warn }]),
  ];
  const second = [words.role(card.role), ...(card.version === null ? [] : [card.version])].join(' · ');
  return (
    <SvgLink to={nodePath({ consortium, member: card.member, name: card.name })} label={words.describe(card)}>
      <g transform={`translate(${x} ${y})`}>
        <rect width={width} height={sizes.card} rx={6} fill={colours.raised} stroke={tone === 'good' ? colours.line : toneColour(tone, colours)} strokeWidth={1.2} className={css.calm} />
        <RoleIcon role={card.role} x={9} y={8} colour={colours.muted} />
        <text x={30} y={20} fontSize={13} fontWeight={600} fill={colours.text} unicodeBidi="isolate">
          {fitText(card.name, { width: width - (card.leads.length > 0 ? 76 : 58), fontSize: 13 })}
        </text>
        {card.leads.length > 0 && <Crown x={width - 42} y={9} colour={colours.warn} />}
        <StateIcon tone={tone} x={width - 23} y={8} colour={toneColour(tone, colours)} ground={colours.surface} className={css.calm} />
        <text x={10} y={40} fontSize={11.5} fill={colours.muted}>
          {fitText(second, { width: width - 20 - marks.length * 40, fontSize: 11.5 })}
        </text>
        {marks.map(({ text, colour }, index) => (
          <Badge key={text} right={width - 9 - index * 42} text={text} colour={colour} />
        ))}
      </g>
    </SvgLink>
  );
}
