import { Button } from 'antd';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { CreateConsortiumDocument, type CreateConsortiumMutation } from '../graphql/generated/graphql.ts';
import type { ApiProblem } from '../graphql/problem.ts';
import { PlanShown } from '../operations/plan-shown.tsx';
import { usePlannedAction } from '../operations/use-planned-action.ts';
import { useWhyNoPlan } from '../operations/use-why-no-plan.ts';
import { Explained } from '../ui/explained.tsx';
import { Panel } from '../ui/panel.tsx';
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

const begun = ({ createConsortium }: CreateConsortiumMutation) => createConsortium;

/** What would come into being, as the API says it; and the word that makes it. */
export function PlanScreen({ goTo, onProblems, onCreated }: { goTo: (screen: Screen) => void; onProblems: (problems: readonly ApiProblem[]) => void; onCreated: () => void }) {
  const { t } = useTranslation('create');
  const { draft } = useDraft();
  const [search] = useSearchParams();
  const choice: PathChoice = search.get('path') === 'full' ? 'full' : 'express';
  const unfinished = useMemo(() => [...new Set(problemsOfDraft(draft).map(({ path }) => screenOf(path, choice)))], [draft, choice]);
  const isWhole = unfinished.length === 0;
  const creation = usePlannedAction(CreateConsortiumDocument, isWhole ? inputOf(draft) : undefined, begun);
  const whyNoPlan = useWhyNoPlan();
  const { problems } = creation;
  useEffect(() => onProblems(problems), [problems, onProblems]);

  const create = async (): Promise<void> => {
    if (await creation.act()) onCreated();
  };
  const where = ({ path = '' }: ApiProblem) => (
    <Button type="link" className={css.where ?? ''} onClick={() => goTo(screenOf(path, choice))}>
      {t('goToScreen', { screen: t(`screen.${screenOf(path, choice)}`) })}
    </Button>
  );
  return (
    <Panel title={t('screen.plan')}>
      {!isWhole && <Unfinished screens={unfinished} goTo={goTo} />}
      <PlanShown of={creation} problems={problems} where={where} />
      <div className={css.apart}>
        <Explained why={isWhole ? whyNoPlan(creation) : t('whyUnfinished')} type="primary" size="large" loading={creation.busy} onClick={() => void create()}>
          {t('create')}
        </Explained>
      </div>
    </Panel>
  );
}
