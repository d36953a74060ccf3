import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { useDraft } from './draft-context.ts';
import { orderersOf } from './draft.ts';
import { indispensable, majorityOf, orderingAdvice, survivedLosses } from './quorum.ts';
import css from './create-consortium.module.css';

/** What so many orderers at these members survive. */
export function OrderingConsequence() {
  const { t } = useTranslation('create');
  const format = useFormat();
  const { draft } = useDraft();
  const counts = orderersOf(draft);
  const count = counts.reduce((sum, orderers) => sum + orderers, 0);
  const advice = orderingAdvice(count);
  const named = new Map(draft.members.map((member, index) => [member.name || t('memberNumber', { number: index + 1 }), counts[index] ?? 0]));
  const needed = count > 1 ? indispensable(named) : [];
  return (
    <div className={css.consequence} aria-live="polite">
      {count > 0 && <p>{t('survives', { count, losses: survivedLosses(count) })}</p>}
      {advice === 'single' && <p className={css.advice}>{t('adviceSingle')}</p>}
      {advice === 'even' && <p className={css.advice}>{t('adviceEven', { count, majority: majorityOf(count), less: count - 1 })}</p>}
      {needed.length > 0 && <p className={css.advice}>{t('adviceIndispensable', { count: needed.length, names: format.list(needed) })}</p>}
    </div>
  );
}
