import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Moment } from '../ui/moment.tsx';
import { barsOf, type Part } from './bars.ts';
import css from './activity.module.css';

interface Properties {
  parts: readonly (Part & { readonly from: string; readonly to: string })[];
  label: string;
}

/** The numbers themselves stand in the table below it. */
export function ActivityChart({ parts, label }: Properties) {
  const { t } = useTranslation('activity');
  const format = useFormat();
  const { top, bars } = barsOf(parts);
  const [first, last] = [parts[0], parts.at(-1)];
  const isQuiet = parts.every(({ transactions, blocks }) => transactions === 0 && blocks === 0);
  return (
    <figure className={css.figure}>
      <div className={css.scale} aria-hidden>
        <span>{format.number(top)}</span>
        <span>0</span>
      </div>
      <svg className={css.chart} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={isQuiet ? t('quiet') : label}>
        <line x1="0" x2="100" y1="50" y2="50" className={css.grid} />
        <line x1="0" x2="100" y1="0" y2="0" className={css.grid} />
        {bars.map(({ x, width, valid, invalid, blocks }, index) => (
          // The parts are places in time from the left: their order is what they are.
          // oxlint-disable-next-line react/no-array-index-key
          <g key={index}>
            <rect className={css.valid} x={x} width={width} y={100 - valid} height={valid} />
            <rect className={css.invalid} x={x} width={width} y={100 - valid - invalid} height={invalid} />
            {blocks > 0 && <line className={css.blocks} x1={x - width * 0.1} x2={x + width * 1.1} y1={100 - blocks} y2={100 - blocks} />}
          </g>
        ))}
        <line x1="0" x2="100" y1="100" y2="100" className={css.base} />
      </svg>
      <div className={css.times}>
        {first && <Moment at={first.from} />}
        {isQuiet && <span>{t('quiet')}</span>}
        {last && <Moment at={last.to} />}
      </div>
      <figcaption className={css.legend}>
        <span><i className={css.keyValid} aria-hidden /> {t('transactions')}</span>
        <span><i className={css.keyInvalid} aria-hidden /> {t('invalid')}</span>
        <span><i className={css.keyBlocks} aria-hidden /> {t('blocks')}</span>
      </figcaption>
    </figure>
  );
}
