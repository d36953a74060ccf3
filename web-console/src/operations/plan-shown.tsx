import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { OperationPlan, type PlanInWords } from './operation-plan.tsx';
import type { Planned } from './planned.ts';

interface Properties {
  of: Planned<PlanInWords>;
  /** Those that are shown nowhere else. */
  problems: readonly ApiProblem[];
  /** Leads to what a problem is about. */
  where?: (problem: ApiProblem) => ReactNode;
}

/** What something comes to before it is done, or what is in the way of knowing it. */
export function PlanShown({ of: { plan, whyNoPlan }, problems, ...properties }: Properties) {
  const { t } = useTranslation('operations');
  return (
    <>
      {plan && <OperationPlan plan={plan} />}
      {whyNoPlan === 'planning' && <Waiting words={t('planning')} />}
      {problems.length > 0 && <Problems problems={problems} {...properties} />}
      {whyNoPlan === 'refused' && problems.length === 0 && <p role="status">{t('whyNoPlan.refused')}</p>}
      {whyNoPlan === 'retrying' && <Waiting words={t('whyNoPlan.retrying')} atOnce />}
    </>
  );
}
