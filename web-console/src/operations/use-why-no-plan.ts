import { useTranslation } from 'react-i18next';
import type { Planned } from './planned.ts';

/** Why what waits for its plan cannot be begun, in words; undefined when it can. */
export function useWhyNoPlan(): (of: Pick<Planned<unknown>, 'whyNoPlan'>) => string | undefined {
  const { t } = useTranslation('operations');
  return ({ whyNoPlan }) => whyNoPlan && t(`whyNoPlan.${whyNoPlan}`);
}
