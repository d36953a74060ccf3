import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../graphql/problem.ts';
import { OperationPlan, type PlanInWords } from '../operations/operation-plan.tsx';
import type { Planned } from '../operations/planned.ts';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** What something comes to before it is done, or what is in the way of knowing it. @param problems those that are shown nowhere else */
export function PlanShown({ of: { plan, whyNoPlan }, problems }: { of: Planned<PlanInWords>; problems: readonly ApiProblem[] }) {
  const { t } = useTranslation('nodes');
  return (
    <>
      {plan && <OperationPlan plan={plan} />}
      {whyNoPlan === 'planning' && <Waiting words={t('planning')} />}
      {problems.length > 0 && <Problems problems={problems} />}
      {whyNoPlan === 'retrying' && <Waiting words={t('whyNoPlan.retrying')} atOnce />}
    </>
  );
}
