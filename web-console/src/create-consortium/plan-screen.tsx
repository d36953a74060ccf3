import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { operationPath } from '../app/paths.ts';
import { CreateConsortiumDocument } from '../graphql/generated/graphql.ts';
import type { ApiProblem } from '../graphql/problem.ts';
import { useAction } from '../graphql/use-action.ts';
import { useIdempotencyKey } from '../graphql/use-idempotency-key.ts';
import { OperationPlan, type PlanInWords } from '../operations/operation-plan.tsx';
import { Explained } from '../ui/explained.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problems } from '../ui/problems.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { useDraft } from './draft-context.ts';
import { inputOf } from './draft-input.ts';
import { problemsOfDraft } from './draft-problems.ts';
import { screenOf, type PathChoice, type Screen } from './screens.ts';
import css from './create-consortium.module.css';

/** The screens on which something is still missing. */
function Unfinished({ screens, goTo }: { screens: readonly Screen[]; goTo: (screen: Screen) => void }) {
  const { t } = useTranslation('create');
  return (
    <div role="alert">
      <p>{t('unfinished')}</p>
      <ul className={css.unfinished}>
        {screens.map((screen) => (
          <li key={screen}>
            <Button type="link" onClick={() => goTo(screen)}>
              {t(`screen.${screen}`)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What would come into being, as the API says it; and the word that makes it. */
export function PlanScreen({ goTo, onRefused, onCreated }: { goTo: (screen: Screen) => void; onRefused: (problems: readonly ApiProblem[]) => void; onCreated: () => void }) {
  const { t } = useTranslation('create');
  const navigate = useNavigate();
  const { draft } = useDraft();
  const [search] = useSearchParams();
  const choice: PathChoice = search.get('path') === 'full' ? 'full' : 'express';
  const { run: ask, problems: refused } = useAction(CreateConsortiumDocument);
  const creation = useAction(CreateConsortiumDocument);
  const keyFor = useIdempotencyKey();
  const [plan, setPlan] = useState<PlanInWords>();
  const input = useMemo(() => inputOf(draft), [draft]);
  const unfinished = useMemo(() => [...new Set(problemsOfDraft(draft).map(({ path }) => screenOf(path, choice)))], [draft, choice]);
  const isWhole = unfinished.length === 0;

  useEffect(() => {
    if (!isWhole) return undefined;
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask({ input, dryRun: true });
      if (!over) setPlan(answer?.createConsortium.plan);
    };
    void look();
    return () => {
      over = true;
    };
  }, [ask, input, isWhole]);

  const problems = useMemo(() => [...refused, ...creation.problems], [refused, creation.problems]);
  useEffect(() => {
    if (problems.length > 0) onRefused(problems);
  }, [problems, onRefused]);

  const create = async (): Promise<void> => {
    const answer = await creation.run({ input, idempotencyKey: keyFor(input) });
    const id = answer?.createConsortium.operation?.id;
    if (id === undefined) return;
    onCreated();
    void navigate(operationPath(id));
  };
  const where = ({ path = '' }: ApiProblem) => (
    <Button type="link" className={css.where ?? ''} onClick={() => goTo(screenOf(path, choice))}>
      {t('goToScreen', { screen: t(`screen.${screenOf(path, choice)}`) })}
    </Button>
  );
  const why = !isWhole ? t('whyUnfinished') : problems.length > 0 && !plan ? t('whyRefused') : !plan ? t('whyPlanning') : undefined;
  return (
    <Panel title={t('screen.plan')}>
      {!isWhole && <Unfinished screens={unfinished} goTo={goTo} />}
      {problems.length > 0 && <Problems problems={problems} where={where} />}
      {isWhole && !plan && problems.length === 0 && <Waiting words={t('planning')} />}
      {isWhole && plan && <OperationPlan plan={plan} />}
      <div className={css.apart}>
        <Explained why={why} type="primary" size="large" loading={creation.busy} onClick={() => void create()}>
          {t('create')}
        </Explained>
      </div>
    </Panel>
  );
}
